#include "partitions.hpp"

#include "corebelt/geo/expects.hpp"
#include "corebelt/geo/stop.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace corebelt::rules {

namespace {

using Chunk = PlacedRows::Chunk;

/// Chunks read back from disk on whichever thread takes them; only rows of one range of places.
class ChunkSource final : public layers::BatchSource {
public:
    ChunkSource(const PlacedRows& rows, const Partitions::Partition& partition, const layers::LayerInfo& info)
        : rows_(rows), partition_(partition), info_(info) {
        info_.feature_count.reset();
    }

    [[nodiscard]] const layers::LayerInfo& info() const override { return info_; }
    [[nodiscard]] const layers::DoorCounts& counts() const override { return counts_; }
    [[nodiscard]] const layers::IssueLog& issues() const override { return issues_; }

    bool next(layers::Batch& batch) override {
        std::vector<std::int64_t> none;
        while (const auto rows = read()) {
            judge(*rows, batch, none);
            if (batch.size() > 0)
                return true;
        }
        return false;
    }
    [[nodiscard]] std::unique_ptr<layers::RawRows> read() override {
        if (next_ == partition_.chunks.size())
            return nullptr;
        return std::make_unique<OnDisk>(rows_.chunks()[partition_.chunks[next_++]]);
    }
    void judge(layers::RawRows& raw, layers::Batch& batch, std::vector<std::int64_t>& doubtful_fids) override {
        doubtful_fids.clear();
        const Chunk& chunk = dynamic_cast<const OnDisk&>(raw).chunk;
        rows_.read(chunk, batch);
        if (chunk.first_code >= partition_.first_code && chunk.last_code <= partition_.last_code)
            return;
        std::vector<layers::RowOf> chosen;
        for (std::uint32_t row = 0; row < batch.size(); ++row) {
            const std::uint64_t code = rows_.order().code_of(batch.shapes.box[row]);
            if (code >= partition_.first_code && code <= partition_.last_code)
                chosen.push_back({&batch, row});
        }
        layers::Batch own;
        layers::gather(chosen, own);
        batch = std::move(own);
    }

private:
    struct OnDisk final : layers::RawRows {
        explicit OnDisk(const Chunk& line) : RawRows(line.rows, sizeof(Chunk)), chunk(line) {}
        const Chunk& chunk;
    };

    const PlacedRows& rows_;
    const Partitions::Partition& partition_;
    layers::LayerInfo info_;
    layers::DoorCounts counts_;
    layers::IssueLog issues_;
    std::size_t next_ = 0;
};

} // namespace

ChunkIndex::ChunkIndex(const std::vector<Chunk>& chunks) : chunks_(chunks) {
    for (std::size_t i = 0; i < chunks.size(); ++i) {
        if (i % block_size == 0)
            blocks_.emplace_back();
        blocks_.back().add(chunks[i].box);
    }
}

Partitions::Partitions(const PlacedRows& subjects, std::vector<Objects> objects, std::uint64_t room, bool set_aside,
                       double reach)
    : subjects_(subjects), objects_(std::move(objects)), room_(room), reach_(reach) {
    COREBELT_EXPECTS(!objects_.empty());
    for (const auto& layer : objects_)
        indexes_.emplace_back(layer.rows->chunks());
    make(set_aside);
}

void Partitions::make(bool set_aside) {
    const auto& chunks = subjects_.chunks();
    std::vector<std::uint32_t> by_place(chunks.size());
    std::iota(by_place.begin(), by_place.end(), 0U);
    std::stable_sort(by_place.begin(), by_place.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return chunks[a].first_code < chunks[b].first_code; });

    // Number of the last partition that each chunk of objects was counted in, from 1.
    std::vector<std::vector<std::size_t>> counted;
    for (const auto& layer : objects_)
        counted.emplace_back(layer.rows->chunks().size(), 0);
    std::uint64_t held = 0;
    const auto each_object = [&](const Chunk& subject, const auto& use) {
        for (std::size_t layer = 0; layer < objects_.size(); ++layer)
            indexes_[layer].each_touching(subject.box.grown(reach_),
                                          objects_[layer].not_smaller ? subject.size_class : 0,
                                          [&](std::uint32_t number) { use(layer, number); });
    };
    const auto bytes_of = [&](std::size_t layer, std::uint32_t number) {
        return objects_[layer].rows->chunks()[number].prepared_bytes;
    };
    const auto take = [&](std::uint32_t subject) {
        each_object(chunks[subject], [&](std::size_t layer, std::uint32_t number) {
            if (std::exchange(counted[layer][number], partitions_.size()) != partitions_.size())
                held += bytes_of(layer, number);
        });
        partitions_.back().chunks.push_back(subject);
    };

    std::size_t own = 0; // chunks that begin in the last partition
    for (const std::uint32_t subject : by_place) {
        std::uint64_t alone = 0;
        std::uint64_t more = 0;
        each_object(chunks[subject], [&](std::size_t layer, std::uint32_t number) {
            alone += bytes_of(layer, number);
            if (partitions_.empty() || counted[layer][number] != partitions_.size())
                more += bytes_of(layer, number);
        });
        if (set_aside && alone > room_ / 2) {
            large_.push_back(subject);
            continue;
        }
        const std::uint64_t code = chunks[subject].first_code;
        if (partitions_.empty()) {
            partitions_.push_back({0, std::numeric_limits<std::uint64_t>::max(), {}});
        } else if (held + more > room_ && own > 0 && code > partitions_.back().first_code) {
            auto before = partitions_.back().chunks;
            partitions_.back().last_code = code - 1;
            partitions_.push_back({code, std::numeric_limits<std::uint64_t>::max(), {}});
            held = 0;
            own = 0;
            for (const std::uint32_t chunk : before)
                if (chunks[chunk].last_code >= code)
                    take(chunk);
        }
        take(subject);
        ++own;
    }
}

bool Partitions::is_subject(const Partition& partition, const geo::Box& box) const {
    const std::uint64_t code = subjects_.order().code_of(box);
    return code >= partition.first_code && code <= partition.last_code;
}

std::unique_ptr<layers::BatchSource> Partitions::subjects(const Partition& partition,
                                                          const layers::LayerInfo& info) const {
    return std::make_unique<ChunkSource>(subjects_, partition, info);
}

layers::Batch Partitions::large_subjects() const {
    std::vector<layers::Batch> batches(large_.size());
    std::vector<layers::RowOf> rows;
    for (std::size_t i = 0; i < large_.size(); ++i) {
        subjects_.read(subjects_.chunks()[large_[i]], batches[i]);
        for (std::uint32_t row = 0; row < batches[i].size(); ++row)
            rows.push_back({&batches[i], row});
    }
    layers::Batch all;
    layers::gather(rows, all);
    return all;
}

std::vector<std::uint32_t> Partitions::touched(const std::vector<std::uint32_t>& subject_chunks,
                                               std::size_t layer) const {
    std::vector<std::uint8_t> is_touched(objects_[layer].rows->chunks().size(), 0);
    for (const std::uint32_t subject : subject_chunks) {
        const Chunk& chunk = subjects_.chunks()[subject];
        indexes_[layer].each_touching(chunk.box.grown(reach_), objects_[layer].not_smaller ? chunk.size_class : 0,
                                      [&](std::uint32_t number) { is_touched[number] = 1; });
    }
    std::vector<std::uint32_t> numbers;
    for (std::uint32_t i = 0; i < is_touched.size(); ++i)
        if (is_touched[i] != 0)
            numbers.push_back(i);
    return numbers;
}

void Partitions::read(const std::vector<std::uint32_t>& chunks, std::size_t first, std::size_t last, std::size_t layer,
                      const ChunkIndex& near, layers::Batch& rows) const {
    std::vector<layers::Batch> batches;
    std::vector<layers::RowOf> chosen;
    layers::Batch batch;
    for (std::size_t i = first; i < last; ++i) {
        throw_if_stopped();
        objects_[layer].rows->read(objects_[layer].rows->chunks()[chunks[i]], batch);
        chosen.clear();
        for (std::uint32_t row = 0; row < batch.size(); ++row) {
            bool touches = false;
            near.each_touching(batch.shapes.box[row].grown(reach_), 0, [&](std::uint32_t) { touches = true; });
            if (touches)
                chosen.push_back({&batch, row});
        }
        if (chosen.empty())
            continue;
        batches.emplace_back();
        layers::gather(chosen, batches.back());
    }
    layers::join(std::move(batches), rows);
}

layers::Batch Partitions::objects(const Partition& partition, std::size_t layer) const {
    std::vector<Chunk> asking;
    for (const std::uint32_t chunk : partition.chunks)
        asking.push_back(subjects_.chunks()[chunk]);
    const auto chunks = touched(partition.chunks, layer);
    layers::Batch rows;
    read(chunks, 0, chunks.size(), layer, ChunkIndex(asking), rows);
    return rows;
}

void Partitions::each_run_of_objects(const std::vector<std::uint32_t>& subject_chunks,
                                     const std::function<void(layers::Batch objects)>& use, std::size_t layer) const {
    std::vector<Chunk> asking;
    asking.reserve(subject_chunks.size());
    for (const std::uint32_t chunk : subject_chunks)
        asking.push_back(subjects_.chunks()[chunk]);
    const ChunkIndex near(asking);
    const auto chunks = touched(subject_chunks, layer);
    for (std::size_t first = 0; first < chunks.size();) {
        layers::Batch rows;
        std::uint64_t bytes = 0;
        std::size_t last = first;
        while (last < chunks.size() && (last == first || bytes < room_))
            bytes += objects_[layer].rows->chunks()[chunks[last++]].prepared_bytes;
        read(chunks, first, last, layer, near, rows);
        use(std::move(rows));
        first = last;
    }
}

} // namespace corebelt::rules
