#include "corebelt/layers/memo.hpp"

#include "build_identity.hpp"

#include "corebelt/geo/expects.hpp"
#include "corebelt/layers/sink.hpp"

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <system_error>
#include <utility>
#include <vector>

namespace corebelt::layers {

namespace {

constexpr std::string_view magic = "corebelt.memo/1\n";

/// The numbers are in the order of this machine, which is part of the build's identity.
struct Header {
    char magic[16];
    ContentKey build;
    std::uint64_t answers;
    std::uint64_t bytes; ///< of all answers together
};

/// One answer of the file; sorted by key.
struct Entry {
    ContentKey question;
    std::uint32_t place; ///< of its bytes, in units of `unit`
    std::uint32_t size;
};
static_assert(sizeof(Header) == 48 && sizeof(Entry) == 24);

constexpr std::size_t unit = 8;

constexpr std::size_t padded(std::size_t size) {
    return (size + unit - 1) / unit * unit;
}

ContentKey key_of_bytes(const void* data, std::size_t size) {
    const XXH128_hash_t hash = XXH3_128bits(data, size);
    return {hash.high64, hash.low64};
}

Text cannot_use(const std::string& path, const std::string& why_en, const std::string& why_zh) {
    return {fmt::format("{} {}; everything is measured again", path, why_en),
            fmt::format("{} {}，本次全部重新量算", path, why_zh)};
}

/// All bytes of a file; none where there is no such file. @throws std::system_error
std::optional<std::string> read_whole(const std::string& path) {
    const auto failure = [](int number) { return std::system_error(number, std::system_category()); };
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
    if (!file) {
        if (errno == ENOENT)
            return std::nullopt;
        throw failure(errno);
    }
    if (std::fseek(file.get(), 0, SEEK_END) != 0)
        throw failure(errno);
    const long size = std::ftell(file.get());
    if (size < 0 || std::fseek(file.get(), 0, SEEK_SET) != 0)
        throw failure(errno);
    std::string bytes(static_cast<std::size_t>(size), '\0');
    if (std::fread(bytes.data(), 1, bytes.size(), file.get()) != bytes.size())
        throw failure(std::ferror(file.get()) != 0 ? errno : EIO);
    return bytes;
}

} // namespace

ContentKey content_key(const geo::ShapeView& shape) {
    std::vector<std::uint64_t> words;
    words.reserve(16);
    words.push_back(static_cast<std::uint64_t>(shape.dimension()));
    for (std::size_t part = 0; part < shape.part_count(); ++part) {
        const auto [first, last] = shape.rings_of_part(part);
        words.push_back(last - first);
        for (std::size_t ring = first; ring < last; ++ring)
            words.push_back(shape.ring(ring).size());
    }
    if (!shape.empty()) {
        const auto vertices = shape.vertices();
        const ContentKey coordinates = key_of_bytes(vertices.data(), vertices.size_bytes());
        words.push_back(coordinates.high);
        words.push_back(coordinates.low);
    }
    return key_of_bytes(words.data(), words.size() * sizeof(std::uint64_t));
}

ContentKey content_key(std::string_view text) {
    return key_of_bytes(text.data(), text.size());
}

ContentKey content_key(std::span<const ContentKey> contents) {
    return key_of_bytes(contents.data(), contents.size_bytes());
}

/// What was loaded: entries sorted by key, found through the first bits of it.
struct Memo::File {
    std::string bytes;
    std::span<const Entry> entries;
    const char* answers = nullptr;
    std::vector<std::uint32_t> first_with; ///< entry where keys with these leading bits begin; one more than those
    int shift = 0;
    std::vector<std::atomic<std::uint8_t>> asked; ///< one an entry

    void index() {
        // Keys are evenly spread: about four to a bucket.
        const auto bits = std::max(1, static_cast<int>(std::bit_width(entries.size() / 4)));
        shift = 64 - bits;
        first_with.assign((std::size_t{1} << bits) + 1, 0);
        for (const Entry& entry : entries)
            ++first_with[(entry.question.high >> shift) + 1];
        for (std::size_t i = 1; i < first_with.size(); ++i)
            first_with[i] += first_with[i - 1];
        asked = std::vector<std::atomic<std::uint8_t>>(entries.size());
    }
    [[nodiscard]] std::optional<std::size_t> find(const ContentKey& question) const {
        if (entries.empty())
            return std::nullopt;
        const std::size_t bucket = question.high >> shift;
        for (std::size_t i = first_with[bucket]; i < first_with[bucket + 1]; ++i)
            if (entries[i].question == question)
                return i;
        return std::nullopt;
    }
    [[nodiscard]] std::string_view answer(const Entry& entry) const {
        return {answers + std::size_t{entry.place} * unit, entry.size};
    }
};

/// Answers of this run, spread over several locks.
struct Memo::Shard {
    mutable std::mutex mutex;
    std::vector<Entry> entries; ///< place: in `bytes` of this shard
    std::string bytes;
};

Memo::Memo() : file_(std::make_unique<File>()), kept_(std::make_unique<std::array<Shard, shards>>()) {}
Memo::~Memo() = default;

std::optional<Text> Memo::load(const std::string& path) {
    COREBELT_EXPECTS(file_->entries.empty());
    std::optional<std::string> read;
    try {
        read = read_whole(path);
    } catch (const std::system_error& error) {
        const std::string reason = error.code().message();
        return cannot_use(path, "cannot be read (" + reason + ")", "无法读取（" + reason + "）");
    }
    if (!read || read->empty())
        return std::nullopt;
    if (!read->starts_with(magic.substr(0, magic.find('/')))) {
        not_ours_ = true;
        return cannot_use(path, "holds no remembered results and is left as it is", "不是结果记忆文件，保持原样");
    }
    auto file = std::make_unique<File>();
    file->bytes = std::move(*read);
    const Text damaged = cannot_use(path, "is damaged", "已损坏");
    Header header{};
    constexpr std::size_t checksum_size = sizeof(ContentKey);
    if (file->bytes.size() < sizeof header + checksum_size)
        return damaged;
    std::memcpy(&header, file->bytes.data(), sizeof header);
    const std::size_t covered = file->bytes.size() - checksum_size;
    ContentKey checksum;
    std::memcpy(&checksum, file->bytes.data() + covered, checksum_size);
    if (key_of_bytes(file->bytes.data(), covered) != checksum)
        return damaged;
    if (std::string_view(header.magic, sizeof header.magic) != magic || header.build != build_identity())
        return cannot_use(path, "was written by another build of the program", "由本程序的其他版本写出");
    const std::size_t room = covered - sizeof header;
    if (header.answers > room / sizeof(Entry) || header.bytes != room - header.answers * sizeof(Entry))
        return damaged;
    file->entries = {reinterpret_cast<const Entry*>(file->bytes.data() + sizeof header), header.answers};
    file->answers = file->bytes.data() + sizeof header + header.answers * sizeof(Entry);
    const bool fits = std::all_of(file->entries.begin(), file->entries.end(), [&](const Entry& entry) {
        return std::size_t{entry.place} * unit + entry.size <= header.bytes;
    });
    const auto by_key = [](const Entry& a, const Entry& b) { return a.question < b.question; };
    if (!fits || !std::is_sorted(file->entries.begin(), file->entries.end(), by_key))
        return damaged;
    file->index();
    file_ = std::move(file);
    return std::nullopt;
}

bool Memo::find(const ContentKey& question, std::span<std::byte> answer) {
    const auto at = file_->find(question);
    if (!at || file_->entries[*at].size != answer.size())
        return false;
    const std::string_view bytes = file_->answer(file_->entries[*at]);
    if (!bytes.empty())
        std::memcpy(answer.data(), bytes.data(), bytes.size());
    file_->asked[*at].store(1, std::memory_order_relaxed);
    return true;
}

std::optional<std::string_view> Memo::find(const ContentKey& question) {
    const auto at = file_->find(question);
    if (!at)
        return std::nullopt;
    file_->asked[*at].store(1, std::memory_order_relaxed);
    return file_->answer(file_->entries[*at]);
}

void Memo::keep(const ContentKey& question, std::string_view answer) {
    Shard& shard = (*kept_)[question.low % shards];
    const std::lock_guard lock(shard.mutex);
    shard.entries.push_back(
        {question, static_cast<std::uint32_t>(shard.bytes.size() / unit), static_cast<std::uint32_t>(answer.size())});
    shard.bytes.append(answer);
    shard.bytes.resize(padded(shard.bytes.size()));
}

Memo::Counts Memo::counts() const {
    Counts counts;
    for (const auto& asked : file_->asked)
        counts.known += asked.load(std::memory_order_relaxed);
    for (const Shard& shard : *kept_) {
        const std::lock_guard lock(shard.mutex);
        counts.worked_out += shard.entries.size();
    }
    return counts;
}

void Memo::save(const std::string& path) const {
    if (not_ours_)
        return;
    struct Kept {
        ContentKey question;
        std::string_view answer;
    };
    std::vector<Kept> kept;
    for (const Shard& shard : *kept_) {
        const std::lock_guard lock(shard.mutex);
        for (const Entry& entry : shard.entries)
            kept.push_back(
                {entry.question, std::string_view(shard.bytes).substr(std::size_t{entry.place} * unit, entry.size)});
    }
    const auto by_key = [](const Kept& a, const Kept& b) { return a.question < b.question; };
    const auto same_key = [](const Kept& a, const Kept& b) { return a.question == b.question; };
    std::sort(kept.begin(), kept.end(), by_key);
    kept.erase(std::unique(kept.begin(), kept.end(), same_key), kept.end()); // two threads may have asked at once
    std::vector<Kept> all;
    all.reserve(kept.size() + file_->entries.size());
    auto next = kept.begin();
    for (std::size_t i = 0; i < file_->entries.size(); ++i) {
        if (file_->asked[i].load(std::memory_order_relaxed) == 0)
            continue;
        const Entry& entry = file_->entries[i];
        for (; next != kept.end() && next->question < entry.question; ++next)
            all.push_back(*next);
        if (next != kept.end() && next->question == entry.question)
            continue; // what the file had could not be used
        all.push_back({entry.question, file_->answer(entry)});
    }
    if (kept.empty() && all.size() == file_->entries.size() && !file_->bytes.empty())
        return;
    all.insert(all.end(), next, kept.end());

    std::size_t answer_bytes = 0;
    for (const Kept& one : all)
        answer_bytes += padded(one.answer.size());
    Header header{};
    std::copy(magic.begin(), magic.end(), header.magic);
    header.build = build_identity();
    header.answers = all.size();
    header.bytes = answer_bytes;
    const std::size_t answers_at = sizeof header + all.size() * sizeof(Entry);
    std::string bytes(answers_at + answer_bytes, '\0');
    std::memcpy(bytes.data(), &header, sizeof header);
    std::size_t place = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const std::string_view answer = all[i].answer;
        const Entry entry{all[i].question, static_cast<std::uint32_t>(place / unit),
                          static_cast<std::uint32_t>(answer.size())};
        std::memcpy(bytes.data() + sizeof header + i * sizeof entry, &entry, sizeof entry);
        if (!answer.empty())
            std::memcpy(bytes.data() + answers_at + place, answer.data(), answer.size());
        place += padded(answer.size());
    }
    const ContentKey checksum = key_of_bytes(bytes.data(), bytes.size());
    bytes.append(reinterpret_cast<const char*>(&checksum), sizeof checksum);
    write_file(path, bytes);
}

} // namespace corebelt::layers
