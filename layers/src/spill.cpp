#include "corebelt/layers/spill.hpp"

#include "column_merge.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/expects.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace corebelt::layers {

namespace {

std::string reason_of(int error_number) {
    return std::system_category().message(error_number);
}

/// A file without a name in `folder`; −1 and errno where there can be none.
int open_unnamed(const std::string& folder) {
    int file = -1;
#ifdef O_TMPFILE
    file = open(folder.c_str(), O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (file >= 0)
        return file;
#endif
    // A file system without unnamed files: the name lives for a moment.
    std::string name = folder + "/corebelt-spill-XXXXXX";
    file = mkostemp(name.data(), O_CLOEXEC);
    if (file >= 0 && unlink(name.c_str()) != 0) {
        const int failure = errno;
        close(file);
        errno = failure;
        return -1;
    }
    return file;
}

double mebibytes(std::uint64_t bytes) {
    return static_cast<double>(bytes) / 1048576.0;
}

[[noreturn]] void full(const std::string& folder, std::uint64_t taken, std::uint64_t more) {
    struct statvfs disk {};
    const bool known = statvfs(folder.c_str(), &disk) == 0;
    const std::uint64_t free = known ? static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize : 0;
    throw Error(
        ErrorKind::output, "spill-full",
        {fmt::format("no room for intermediate data in {}: {:.1f} MiB lie there, {:.1f} MiB more are needed now, "
                     "{:.1f} MiB are free; name a folder with more room with TMPDIR, or allow more --memory",
                     folder, mebibytes(taken), mebibytes(more), mebibytes(free)),
         fmt::format("中间数据目录 {} 空间不足：已写入 {:.1f} MiB，当前还需 {:.1f} MiB，可用 {:.1f} MiB；请用 TMPDIR "
                     "指定空间更大的目录，或放宽 --memory",
                     folder, mebibytes(taken), mebibytes(more), mebibytes(free))});
}

[[noreturn]] void failed(const std::string& folder, const std::string& reason) {
    throw Error(ErrorKind::output, "spill-failed",
                {fmt::format("intermediate data in {} cannot be written or read back: {}", folder, reason),
                 fmt::format("目录 {} 中的中间数据无法写入或读回：{}", folder, reason)});
}

class Packer {
public:
    template <typename T>
    void put(const T& value) {
        static_assert(std::is_trivially_copyable_v<T>);
        append(&value, sizeof value);
    }
    template <typename T>
    void put(const std::vector<T>& values) {
        static_assert(std::is_trivially_copyable_v<T>);
        put(static_cast<std::uint64_t>(values.size()));
        append(values.data(), values.size() * sizeof(T));
    }
    void put(const std::string& text) {
        put(static_cast<std::uint64_t>(text.size()));
        append(text.data(), text.size());
    }
    [[nodiscard]] const std::vector<char>& bytes() const { return bytes_; }

private:
    void append(const void* data, std::size_t size) {
        const char* first = static_cast<const char*>(data);
        bytes_.insert(bytes_.end(), first, first + size);
    }
    std::vector<char> bytes_;
};

class Unpacker {
public:
    explicit Unpacker(std::span<const char> bytes) : bytes_(bytes) {}
    template <typename T>
    void get(T& value) {
        take(&value, sizeof value);
    }
    template <typename T>
    void get(std::vector<T>& values) {
        values.resize(count(sizeof(T)));
        take(values.data(), values.size() * sizeof(T));
    }
    void get(std::string& text) {
        text.resize(count(1));
        take(text.data(), text.size());
    }
    [[nodiscard]] std::size_t count(std::size_t size_of_one) {
        std::uint64_t number = 0;
        get(number);
        COREBELT_EXPECTS(number <= bytes_.size() / size_of_one);
        return number;
    }
    [[nodiscard]] bool at_end() const { return bytes_.empty(); }

private:
    void take(void* data, std::size_t size) {
        COREBELT_EXPECTS(size <= bytes_.size());
        if (size > 0)
            std::memcpy(data, bytes_.data(), size);
        bytes_ = bytes_.subspan(size);
    }
    std::span<const char> bytes_;
};

/// Every vector of a batch, in one order for writing and reading.
template <typename Shapes, typename Use>
void each_vector(Shapes& shapes, const Use& use) {
    use(shapes.xy);
    use(shapes.ring_first);
    use(shapes.part_first);
    use(shapes.shape_first);
    use(shapes.box);
    use(shapes.dimension);
}

template <typename Column, typename Use>
void each_member(Column& column, const Use& use) {
    use(column.field.name);
    use(column.field.type);
    use(column.valid);
    use(column.integers);
    use(column.reals);
    use(column.code);
}

} // namespace

std::string spill_folder() {
    const char* folder = std::getenv("TMPDIR");
    return folder != nullptr && *folder != '\0' ? folder : "/tmp";
}

Spill::Spill(std::string folder) : folder_(std::move(folder)), file_(open_unnamed(folder_)) {
    if (file_ >= 0)
        return;
    const std::string reason = reason_of(errno);
    throw Error(
        ErrorKind::output, "spill-folder",
        {fmt::format("intermediate data cannot be kept in {}: {}; name another folder with TMPDIR", folder_, reason),
         fmt::format("无法在目录 {} 中存放中间数据：{}；请用 TMPDIR 指定其他目录", folder_, reason)});
}

Spill::~Spill() {
    close(file_);
}

Spill::Place Spill::write(const Batch& rows) {
    Packer packed;
    const auto put = [&](const auto& part) { packed.put(part); };
    each_vector(rows.shapes, put);
    packed.put(rows.fid);
    packed.put(static_cast<std::uint64_t>(rows.columns.size()));
    for (const auto& column : rows.columns) {
        each_member(column, put);
        packed.put(static_cast<std::uint64_t>(column.dictionary.size()));
        for (const auto& text : column.dictionary)
            packed.put(text);
    }

    const auto& bytes = packed.bytes();
    const Place place{end_.fetch_add(bytes.size()), bytes.size()};
    for (std::size_t done = 0; done < bytes.size();) {
        const ssize_t n =
            pwrite(file_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(place.offset + done));
        if (n > 0) {
            done += static_cast<std::size_t>(n);
        } else if (n == 0 || errno != EINTR) {
            if (n < 0 && errno != ENOSPC && errno != EDQUOT && errno != EFBIG)
                failed(folder_, reason_of(errno));
            full(folder_, place.offset, bytes.size() - done);
        }
    }
    return place;
}

void Spill::read(const Place& place, Batch& rows) const {
    std::vector<char> bytes(place.bytes);
    for (std::size_t done = 0; done < bytes.size();) {
        const ssize_t n =
            pread(file_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(place.offset + done));
        if (n > 0)
            done += static_cast<std::size_t>(n);
        else if (n == 0)
            failed(folder_, "end of file");
        else if (errno != EINTR)
            failed(folder_, reason_of(errno));
    }
    Unpacker packed(bytes);
    const auto get = [&](auto& part) { packed.get(part); };
    each_vector(rows.shapes, get);
    packed.get(rows.fid);
    rows.columns.resize(packed.count(1));
    for (auto& column : rows.columns) {
        each_member(column, get);
        column.dictionary.resize(packed.count(1));
        for (auto& text : column.dictionary)
            packed.get(text);
    }
    COREBELT_EXPECTS(packed.at_end());
}

void gather(std::span<const RowOf> rows, Batch& out) {
    out.clear();
    if (rows.empty())
        return;
    for (const auto& from : rows) {
        out.shapes.append(from.batch->shapes[from.row]);
        out.fid.push_back(from.batch->fid[from.row]);
    }
    for (std::size_t c = 0; c < rows.front().batch->columns.size(); ++c) {
        Column column{rows.front().batch->columns[c].field, {}, {}, {}, {}, {}};
        std::unordered_map<std::string_view, std::uint32_t> code_of; // views into the batches, which stay
        for (const auto& from : rows) {
            COREBELT_EXPECTS(from.batch->columns.size() == rows.front().batch->columns.size());
            const Column& source = from.batch->columns[c];
            COREBELT_EXPECTS(source.field.type == column.field.type);
            column.valid.push_back(source.valid[from.row]);
            if (column.field.type == FieldType::integer) {
                column.integers.push_back(source.integers[from.row]);
            } else if (column.field.type == FieldType::real) {
                column.reals.push_back(source.reals[from.row]);
            } else if (source.valid[from.row] == 0) {
                column.code.push_back(0);
            } else {
                const std::string& text = source.dictionary[source.code[from.row]];
                const auto [at, added] = code_of.emplace(text, static_cast<std::uint32_t>(column.dictionary.size()));
                if (added)
                    column.dictionary.push_back(text);
                column.code.push_back(at->second);
            }
        }
        out.columns.push_back(std::move(column));
    }
}

void join(std::vector<Batch> batches, Batch& out) {
    out.clear();
    std::size_t vertices = 0;
    for (const auto& batch : batches)
        vertices += batch.shapes.xy.size();
    out.shapes.xy.reserve(vertices);
    BatchAppender rows(out);
    for (auto& batch : batches) {
        rows.append(batch, 0, batch.size());
        batch = {};
    }
}

} // namespace corebelt::layers
