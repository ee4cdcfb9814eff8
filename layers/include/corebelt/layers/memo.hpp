#pragma once
/// Results kept from one run to the next, found by the content that they were worked out from.

#include "corebelt/geo/shapes.hpp"
#include "corebelt/geo/text.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace corebelt::layers {

/// 128 bits that stand for some content: equal content has equal keys, and different content different ones for all
/// practical purposes (XXH3; not made to withstand forgery).
struct ContentKey {
    std::uint64_t high = 0, low = 0;
    friend auto operator<=>(const ContentKey&, const ContentKey&) = default;
};

/// Of a geometry: its dimension, parts and rings, and the bits of every coordinate in order.
[[nodiscard]] ContentKey content_key(const geo::ShapeView& shape);
[[nodiscard]] ContentKey content_key(std::string_view text);
/// Of a question asked of several contents, in this order.
[[nodiscard]] ContentKey content_key(std::span<const ContentKey> contents);
[[nodiscard]] inline ContentKey content_key(std::initializer_list<ContentKey> contents) {
    return content_key(std::span<const ContentKey>(contents.begin(), contents.size()));
}

/// Answers by the key of the question. An answer must depend on nothing but what its key was made of, so a run gives
/// the same with a memo, without one, and with any other. Any number of threads ask and keep at once.
///
/// The file holds what the last run asked for, and nothing older. It belongs to the build of the program that wrote
/// it, and a checksum covers every byte of it.
class Memo {
public:
    Memo();
    ~Memo();
    Memo(const Memo&) = delete;
    Memo& operator=(const Memo&) = delete;

    /// Takes over the answers of a file; a file that is not there has none. Returned: why what is there cannot be
    /// used; then nothing of it is.
    [[nodiscard]] std::optional<Text> load(const std::string& path);
    /// Writes what was asked for and what was kept since, under a temporary name and renamed; nothing where the file
    /// would stay as it is, or where what stands under the name is no memo.
    /// @throws Error{output, "cannot-write"}.
    void save(const std::string& path) const;

    /// The file's answer; valid as long as the memo.
    [[nodiscard]] std::optional<std::string_view> find(const ContentKey& question);
    /// True, and `answer` filled, where the file has an answer of that size.
    [[nodiscard]] bool find(const ContentKey& question, std::span<std::byte> answer);
    /// @pre find() had no answer that could be used.
    void keep(const ContentKey& question, std::string_view answer);

    /// The known answer, else the one that `work_out` gives; its bytes are kept.
    template <class Answer, class WorkOut>
    [[nodiscard]] Answer answer(const ContentKey& question, const WorkOut& work_out) {
        static_assert(std::is_trivially_copyable_v<Answer>);
        Answer answer{};
        if (find(question, std::as_writable_bytes(std::span(&answer, 1))))
            return answer;
        answer = work_out();
        keep(question, {reinterpret_cast<const char*>(&answer), sizeof answer});
        return answer;
    }

    struct Counts {
        std::uint64_t known = 0;      ///< questions that the file had the answer of, however often they were asked
        std::uint64_t worked_out = 0; ///< answers that were kept since
    };
    [[nodiscard]] Counts counts() const;

private:
    struct File;
    struct Shard;
    static constexpr std::size_t shards = 64;

    std::unique_ptr<File> file_;
    std::unique_ptr<std::array<Shard, shards>> kept_;
    bool not_ours_ = false; ///< what stands under the name is no memo
};

} // namespace corebelt::layers
