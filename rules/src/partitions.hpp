#pragma once
/// Two layers on disk, measured place by place: each share of the subjects with all objects that they touch.

#include "placed_rows.hpp"

#include "corebelt/layers/source.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace corebelt::rules {

/// Finds the chunks of a layer by box.
class ChunkIndex {
public:
    explicit ChunkIndex(const std::vector<PlacedRows::Chunk>& chunks);

    /// Calls use(number) for each chunk of features of at least that size whose box touches.
    template <typename Use>
    void each_touching(const geo::Box& box, std::uint32_t least_size_class, const Use& use) const {
        for (std::size_t block = 0; block < blocks_.size(); ++block) {
            if (!blocks_[block].touches(box))
                continue;
            const std::size_t last = std::min(chunks_.size(), (block + 1) * block_size);
            for (std::size_t i = block * block_size; i < last; ++i)
                if (chunks_[i].size_class >= least_size_class && chunks_[i].box.touches(box))
                    use(static_cast<std::uint32_t>(i));
        }
    }

private:
    static constexpr std::size_t block_size = 32;
    const std::vector<PlacedRows::Chunk>& chunks_;
    std::vector<geo::Box> blocks_;
};

/// A feature is subject of the one partition whose range of places holds the lower-left corner of its box; objects are
/// held in every partition whose subjects they touch. No geometry is cut. Ranges are as wide as the objects that come
/// with them leave room for, so they follow the density of the data.
class Partitions {
public:
    struct Objects {
        const PlacedRows* rows = nullptr;
        bool not_smaller = false; ///< a subject needs only those whose size class is not below its own
    };
    /// @param room       prepared bytes of objects that a partition may hold.
    /// @param set_aside  subjects that touch more than that belong to no partition; else they make too large ones.
    /// @param reach      objects this near, in units of the CRS, count as touched.
    /// @pre all on disk; objects not empty.
    Partitions(const PlacedRows& subjects, std::vector<Objects> objects, std::uint64_t room, bool set_aside,
               double reach = 0);

    struct Partition {
        std::uint64_t first_code = 0, last_code = 0; ///< places of its subjects
        std::vector<std::uint32_t> chunks;           ///< of the subjects' layer: all that hold some of them
    };
    [[nodiscard]] const std::vector<Partition>& all() const { return partitions_; }
    /// Subjects that touch more objects than may be held, so that they were set aside: some few, very large ones.
    /// Chunks of the subjects' layer.
    [[nodiscard]] const std::vector<std::uint32_t>& large() const { return large_; }

    [[nodiscard]] bool is_subject(const Partition& partition, const geo::Box& box) const;
    /// Subjects of a partition, to be streamed. `info` is that of their layer.
    [[nodiscard]] std::unique_ptr<layers::BatchSource> subjects(const Partition& partition,
                                                                const layers::LayerInfo& info) const;
    [[nodiscard]] layers::Batch large_subjects() const;
    /// Objects of one layer that touch subjects of the partition, and perhaps some of their neighbours.
    [[nodiscard]] layers::Batch objects(const Partition& partition, std::size_t layer = 0) const;
    /// Objects that touch these chunks of subjects, a run that may be held at a time: calls use(objects).
    void each_run_of_objects(const std::vector<std::uint32_t>& subject_chunks,
                             const std::function<void(layers::Batch objects)>& use, std::size_t layer = 0) const;

private:
    [[nodiscard]] std::vector<std::uint32_t> touched(const std::vector<std::uint32_t>& subject_chunks,
                                                     std::size_t layer) const;
    void read(const std::vector<std::uint32_t>& chunks, std::size_t first, std::size_t last, std::size_t layer,
              const ChunkIndex& near, layers::Batch& rows) const;
    void make(bool set_aside);

    const PlacedRows& subjects_;
    std::vector<Objects> objects_;
    std::vector<ChunkIndex> indexes_; ///< one for each layer of objects
    std::uint64_t room_;
    double reach_;
    std::vector<Partition> partitions_;
    std::vector<std::uint32_t> large_;
};

} // namespace corebelt::rules
