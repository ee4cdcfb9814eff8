// Batches put aside on disk and read back.
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/layers/spill.hpp"

#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <filesystem>
#include <limits>
#include <thread>

using namespace corebelt;
using layers::Batch;
using layers::FieldType;
using layers::Spill;
using test::TempDir;

namespace {

/// One column of each type, with nulls; an area with a hole, a line, a point, a feature without geometry.
Batch every_kind() {
    Batch batch;
    auto& s = batch.shapes;
    for (const double inset : {0.0, 2.0}) {
        for (const auto& p : {geo::XY{-8, -8}, {8, -8}, {8, 8}, {-8, 8}, {-8, -8}})
            s.add({p.x - std::copysign(inset, p.x), p.y - std::copysign(inset, p.y)});
        s.end_ring();
    }
    s.end_part();
    s.end_shape(geo::Dimension::area);
    for (const auto& p : {geo::XY{34500000.0078125, 2700000}, {34500001, 2700000.25}, {34500003, -0.0}})
        s.add(p);
    s.end_ring();
    s.end_part();
    s.end_shape(geo::Dimension::line);
    s.add({1e-300, std::numeric_limits<double>::denorm_min()});
    s.end_ring();
    s.end_part();
    s.end_shape(geo::Dimension::point);
    s.end_shape(geo::Dimension::area); // no geometry
    batch.fid = {7, -1, std::numeric_limits<std::int64_t>::max(), 0};

    const auto column = [&](const char* name, FieldType type, const std::vector<layers::Value>& values) {
        layers::Column made{{name, type}, {}, {}, {}, {}, {}};
        for (const auto& value : values)
            made.push_back(value);
        batch.columns.push_back(made);
    };
    const layers::Value null;
    column("整数", FieldType::integer,
           {std::int64_t{-3}, null, std::numeric_limits<std::int64_t>::min(), std::int64_t{0}});
    column("实数", FieldType::real, {0.1, std::numeric_limits<double>::infinity(), null, -0.0});
    column("文字", FieldType::text, {std::string("旱地"), std::string(), null, std::string("旱地")});
    column("日期", FieldType::date, {layers::IsoDate{"2026-11-22"}, null, layers::IsoDate{"2025-01-01"}, null});
    column("空", FieldType::text, {null, null, null, null});
    return batch;
}

void check_same(const Batch& a, const Batch& b) {
    CHECK(a.shapes.xy == b.shapes.xy);
    CHECK(a.shapes.ring_first == b.shapes.ring_first);
    CHECK(a.shapes.part_first == b.shapes.part_first);
    CHECK(a.shapes.shape_first == b.shapes.shape_first);
    CHECK(a.shapes.box == b.shapes.box);
    CHECK(a.shapes.dimension == b.shapes.dimension);
    CHECK(a.fid == b.fid);
    REQUIRE(a.columns.size() == b.columns.size());
    for (std::size_t c = 0; c < a.columns.size(); ++c) {
        CAPTURE(c);
        CHECK(a.columns[c].field.name == b.columns[c].field.name);
        CHECK(a.columns[c].field.type == b.columns[c].field.type);
        CHECK(a.columns[c].valid == b.columns[c].valid);
        CHECK(a.columns[c].integers == b.columns[c].integers);
        CHECK(a.columns[c].reals == b.columns[c].reals);
        CHECK(a.columns[c].code == b.columns[c].code);
        CHECK(a.columns[c].dictionary == b.columns[c].dictionary);
    }
}

std::size_t entries_of(const TempDir& dir) {
    std::size_t entries = 0;
    for (const auto& entry : std::filesystem::directory_iterator(dir.path()))
        entries += entry.exists() ? 1 : 0;
    return entries;
}

/// Writes until the disk refuses; the error.
Error fill(Spill& spill, const Batch& batch) {
    for (int i = 0; i < 10000; ++i) {
        try {
            (void)spill.write(batch);
        } catch (const Error& error) {
            return error;
        }
    }
    return {ErrorKind::internal, "never-full", {}};
}

/// A file size that the process may not exceed; the signal that would end it is ignored meanwhile.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        in_force_ = setrlimit(RLIMIT_FSIZE, &limit) == 0;
    }
    ~FileSizeLimit() {
        setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;
    [[nodiscard]] bool in_force() const { return in_force_; }

private:
    void (*handler_)(int);
    rlimit before_{};
    bool in_force_ = false;
};

} // namespace

TEST_CASE("batches come back from a spill as they went in, in any order", "[spill]") {
    const TempDir dir;
    Spill spill(dir.path().string());
    const Batch first = every_kind();
    Batch second = first;
    second.append(first);
    const Batch none;
    const auto place_first = spill.write(first);
    const auto place_none = spill.write(none);
    const auto place_second = spill.write(second);
    CHECK(spill.byte_size() == place_second.offset + place_second.bytes);

    Batch back;
    spill.read(place_second, back);
    check_same(back, second);
    spill.read(place_none, back);
    check_same(back, none);
    spill.read(place_first, back);
    check_same(back, first);
    CHECK(std::signbit(back.columns[1].reals[3]));
    CHECK(entries_of(dir) == 0); // never a name in the folder
}

TEST_CASE("several threads write and read one spill", "[spill]") {
    const TempDir dir;
    Spill spill(dir.path().string());
    std::vector<std::vector<Spill::Place>> places(4);
    const Batch batch = every_kind();
    {
        std::vector<std::jthread> threads;
        for (std::size_t t = 0; t < places.size(); ++t)
            threads.emplace_back([&, t] {
                Batch mine = batch;
                for (std::int64_t i = 0; i < 100; ++i) {
                    mine.fid[0] = static_cast<std::int64_t>(t) * 1000 + i;
                    places[t].push_back(spill.write(mine));
                }
            });
    }
    Batch back;
    std::size_t right = 0;
    for (std::size_t t = 0; t < places.size(); ++t)
        for (std::size_t i = 0; i < places[t].size(); ++i) {
            spill.read(places[t][i], back);
            right += back.fid[0] == static_cast<std::int64_t>(t * 1000 + i) && back.size() == batch.size() ? 1 : 0;
        }
    CHECK(right == 400);
}

TEST_CASE("gathered rows keep geometry, values and only the texts that they use", "[spill]") {
    const Batch a = every_kind();
    Batch b = every_kind();
    b.columns[2].dictionary[0] = "水田";
    const std::vector<layers::RowOf> rows{{&b, 3}, {&a, 0}, {&a, 3}, {&b, 1}, {&a, 2}};
    Batch out;
    layers::gather(rows, out);
    REQUIRE(out.size() == rows.size());
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
        CAPTURE(i);
        CHECK(out.fid[i] == rows[i].batch->fid[rows[i].row]);
        CHECK(out.shapes.box[i] == rows[i].batch->shapes.box[rows[i].row]);
        CHECK(out.shapes[i].ring_count() == rows[i].batch->shapes[rows[i].row].ring_count());
        CHECK(out.shapes.dimension[i] == rows[i].batch->shapes.dimension[rows[i].row]);
        for (std::size_t c = 0; c < a.columns.size(); ++c)
            CHECK(out.columns[c].value(i) == rows[i].batch->columns[c].value(rows[i].row));
    }
    CHECK(out.columns[2].dictionary == std::vector<std::string>{"水田", "旱地", ""});
    CHECK(out.columns[4].dictionary.empty());
    layers::gather({}, out);
    CHECK(out.size() == 0);
}

TEST_CASE("a folder that cannot hold a spill is named", "[spill][error]") {
    const TempDir dir;
    try {
        const Spill spill(dir / "missing");
        FAIL("made a file in a folder that does not exist");
    } catch (const Error& error) {
        CHECK(error.code() == "spill-folder");
        CHECK(exit_code(error.kind()) == 5);
        CHECK(error.text().en.find(dir / "missing") != std::string::npos);
    }
}

TEST_CASE("a full disk is said with folder, needed and free room", "[spill][error]") {
    const TempDir dir;
    if (mount("tmpfs", dir.path().c_str(), "tmpfs", 0, "size=64k") == 0) {
        std::string code;
        std::string text;
        {
            Spill spill(dir.path().string());
            const Error error = fill(spill, every_kind());
            code = error.code();
            text = error.text().en;
            CHECK(exit_code(error.kind()) == 5);
        }
        umount(dir.path().c_str());
        CHECK(code == "spill-full");
        CHECK(text.find(dir.path().string()) != std::string::npos);
        CHECK(text.find("0.0 MiB are free") != std::string::npos);
        return;
    }
    const FileSizeLimit limit(64 * 1024);
    if (!limit.in_force()) {
        WARN("skipped: neither a small file system nor a limit of file size can be had here");
        return;
    }
    Spill spill(dir.path().string());
    const Error error = fill(spill, every_kind());
    CHECK(error.code() == "spill-full");
    CHECK(error.text().en.find(dir.path().string()) != std::string::npos);
}
