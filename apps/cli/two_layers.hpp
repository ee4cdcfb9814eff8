#pragma once
/// What tabulate and measure share: two layers, of which one is held in memory and the other streams past it.

#include "console.hpp"
#include "memory_limit.hpp"
#include "remembered_run.hpp"

#include "corebelt/layers/dataset.hpp"

#include <memory>
#include <string>
#include <vector>

namespace corebelt::cli {

class TwoLayers {
public:
    /// @throws Error{usage, "bad-format"}; Error{output, "no-folder"}.
    TwoLayers(const Common& common, bool trust_geometry, Console& console);

    /// @param where  CQL2 text; empty: all features
    /// @param crs    of what is handed out; none: the layer's own
    /// @throws Error{usage, "output-is-input"}; as layers::open_layer().
    [[nodiscard]] std::unique_ptr<layers::BatchSource> open(const std::string& source, const std::string& where,
                                                            const std::vector<std::string>& fields,
                                                            const std::optional<geo::Crs>& crs = {});
    /// The same source, read on while the other layer is read and made ready.
    [[nodiscard]] std::unique_ptr<layers::BatchSource> streamed(std::unique_ptr<layers::BatchSource> source) const;

    /// rules::TabulateOptions or rules::MeasureOptions with threads, memory, memo and progress; `streamed` is the name
    /// of the layer whose features are counted.
    template <class Options>
    [[nodiscard]] Options options(const std::string& streamed) {
        Options made;
        made.jobs = jobs_;
        made.memo = remembered_.memo();
        made.held.bytes = room_for_features(common_.memory_bytes, jobs_, remembered_.memo() != nullptr);
        made.progress = [this, streamed](std::uint64_t done, std::uint64_t total) { go_on(streamed, done, total); };
        made.later_progress = [this](const Text& step, std::uint64_t done, std::uint64_t total) {
            go_on(step.in(console_.lang()), done, total);
        };
        return made;
    }

    /// The outputs, then what is remembered.
    void write(const std::function<std::string()>& text, const std::function<std::string()>& json,
               const std::function<std::string()>& csv);

private:
    void go_on(const std::string& step, std::uint64_t done, std::uint64_t total);

    const Common& common_;
    bool trust_geometry_;
    Console& console_;
    RememberedRun remembered_;
    unsigned jobs_;
};

} // namespace corebelt::cli
