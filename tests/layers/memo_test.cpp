#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/layers/memo.hpp"
#include "corebelt/layers/memo_bytes.hpp"

#include <random>
#include <thread>
#include <vector>

using namespace corebelt;
using layers::content_key;
using layers::ContentKey;
using layers::Memo;

namespace {

struct Pair {
    double m2;
    std::uint64_t crossings;
};

ContentKey question(int number) {
    return content_key("question " + std::to_string(number));
}

Pair right_answer(int number) {
    return {number * 1.5, static_cast<std::uint64_t>(number)};
}

/// Asks for 0 … count−1 and returns how many were known; every answer must be right.
int ask(Memo& memo, int count) {
    int worked_out = 0;
    for (int i = 0; i < count; ++i) {
        const auto given = memo.answer<Pair>(question(i), [&] {
            ++worked_out;
            return right_answer(i);
        });
        REQUIRE(given.m2 == right_answer(i).m2);
        REQUIRE(given.crossings == right_answer(i).crossings);
    }
    return count - worked_out;
}

/// A run with the memo of this file: it asks for 0 … count−1 and saves. Returns how many were known.
int run_with(const std::string& path, int count) {
    Memo memo;
    REQUIRE_FALSE(memo.load(path)); // where it is not there: nothing to complain of
    const int known = ask(memo, count);
    CHECK(memo.counts().known == static_cast<std::uint64_t>(known));
    CHECK(memo.counts().worked_out == static_cast<std::uint64_t>(count - known));
    memo.save(path);
    return known;
}

geo::Shapes square(double x, double y, double side, geo::Dimension dimension = geo::Dimension::area) {
    geo::Shapes shapes;
    for (const auto p : {geo::XY{x, y}, geo::XY{x + side, y}, geo::XY{x + side, y + side}, geo::XY{x, y}})
        shapes.add(p);
    shapes.end_ring();
    shapes.end_part();
    shapes.end_shape(dimension);
    return shapes;
}

/// Two triangles: two parts of one ring, or one part of two rings, or one ring of all vertices.
geo::Shapes two_triangles(bool parts, bool rings) {
    geo::Shapes shapes;
    for (const double x : {0.0, 10.0}) {
        for (const auto p : {geo::XY{x, 0}, geo::XY{x + 1, 0}, geo::XY{x, 1}, geo::XY{x, 0}})
            shapes.add(p);
        if (rings)
            shapes.end_ring();
        if (parts)
            shapes.end_part();
    }
    if (!rings)
        shapes.end_ring();
    if (!parts)
        shapes.end_part();
    shapes.end_shape(geo::Dimension::area);
    return shapes;
}

} // namespace

TEST_CASE("a memo hands back what an earlier run worked out", "[memo]") {
    const test::TempDir dir;
    const std::string path = dir / "m.memo";
    CHECK(run_with(path, 1000) == 0);
    CHECK(run_with(path, 1100) == 1000);
    CHECK(run_with(path, 1100) == 1100);
}

TEST_CASE("what a run did not ask for is not kept for the next", "[memo]") {
    const test::TempDir dir;
    const std::string path = dir / "m.memo";
    run_with(path, 100);
    CHECK(run_with(path, 10) == 10);
    CHECK(run_with(path, 100) == 10);
}

TEST_CASE("a memo that a run has nothing to add to is not written again", "[memo]") {
    const test::TempDir dir;
    const std::string path = dir / "m.memo";
    run_with(path, 50);
    const auto written = std::filesystem::last_write_time(path);
    const std::string bytes = test::read_text(path);
    std::filesystem::last_write_time(path, written - std::chrono::hours(1));
    CHECK(run_with(path, 50) == 50);
    CHECK(std::filesystem::last_write_time(path) == written - std::chrono::hours(1));
    CHECK(test::read_text(path) == bytes);
}

TEST_CASE("an answer of another size is not taken for the one asked for", "[memo]") {
    const test::TempDir dir;
    const std::string path = dir / "m.memo";
    run_with(path, 3);
    Memo second;
    REQUIRE_FALSE(second.load(path));
    CHECK(second.answer<double>(question(1), [] { return 7.0; }) == 7.0);
    second.save(path);
    Memo third;
    REQUIRE_FALSE(third.load(path));
    CHECK(third.answer<double>(question(1), [] { return 8.0; }) == 7.0);
}

TEST_CASE("the bytes of a memo do not depend on threads or on the order of questions", "[memo]") {
    const test::TempDir dir;
    Memo forwards;
    ask(forwards, 500);
    forwards.save(dir / "forwards");
    Memo together;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 499; i >= 0; --i) // every question is asked twice, perhaps at once
                if (i % 4 == t || (i + 1) % 4 == t)
                    static_cast<void>(together.answer<Pair>(question(i), [&] { return right_answer(i); }));
        });
    for (auto& thread : threads)
        thread.join();
    together.save(dir / "together");
    CHECK(test::read_text(dir / "forwards") == test::read_text(dir / "together"));
}

TEST_CASE("a damaged memo is said to be damaged and nothing of it is used", "[memo]") {
    const test::TempDir dir;
    const std::string path = dir / "m.memo";
    run_with(path, 40);
    const std::string whole = test::read_text(path);
    REQUIRE(whole.size() > 1000);
    const unsigned seed = 20261122;
    std::mt19937 random(seed);
    for (int round = 0; round < 400; ++round) {
        std::string bytes = whole;
        const std::size_t at = round < 64 ? static_cast<std::size_t>(round) : random() % bytes.size();
        const unsigned bit = random() % 8;
        CAPTURE(seed, round, at, bit);
        bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ (1U << bit));
        test::write_text(path, bytes);
        Memo memo;
        const auto problem = memo.load(path);
        REQUIRE(problem);
        REQUIRE(problem->en.find(path) != std::string::npos);
        REQUIRE(ask(memo, 40) == 0);
    }
    for (std::size_t size = 1; size < whole.size(); size += size < 100 ? 1 : 37) {
        CAPTURE(size);
        test::write_text(path, whole.substr(0, size));
        Memo memo;
        REQUIRE(memo.load(path));
        REQUIRE(ask(memo, 40) == 0);
    }
    test::write_text(path, whole + '\0');
    Memo longer;
    CHECK(longer.load(path));
    CHECK(ask(longer, 40) == 0);
}

TEST_CASE("a damaged memo is replaced, but a file that is no memo stays as it is", "[memo]") {
    const test::TempDir dir;
    const std::string path = dir / "m.memo";
    test::write_text(path, "corebelt.memo/1\ncut short");
    Memo damaged;
    CHECK(damaged.load(path));
    ask(damaged, 5);
    damaged.save(path);
    Memo replaced;
    CHECK_FALSE(replaced.load(path));
    CHECK(ask(replaced, 5) == 5);

    const std::string plan = "zones that took a week to draw";
    test::write_text(path, plan);
    Memo foreign;
    CHECK(foreign.load(path));
    ask(foreign, 5);
    foreign.save(path);
    CHECK(test::read_text(path) == plan);
}

TEST_CASE("keys tell geometries apart that differ in one bit, in rings, in parts or in dimension", "[memo]") {
    const auto base = square(500000, 2700000, 100);
    const ContentKey key = content_key(base[0]);
    CHECK(content_key(square(500000, 2700000, 100)[0]) == key);
    CHECK(content_key(square(500000 + 0x1p-27, 2700000, 100)[0]) != key);
    CHECK(content_key(square(500000, 2700000, 100, geo::Dimension::line)[0]) != key);
    geo::Shapes later = square(1, 1, 1); // the place in a store does not matter
    later.append(base[0]);
    CHECK(content_key(later[1]) == key);

    const auto apart = two_triangles(true, true);
    const auto holed = two_triangles(false, true);
    const auto joined = two_triangles(false, false);
    CHECK(content_key(apart[0]) != content_key(holed[0]));
    CHECK(content_key(holed[0]) != content_key(joined[0]));
    CHECK(content_key(apart[0]) != content_key(joined[0]));

    geo::Shapes empty;
    empty.end_shape(geo::Dimension::area);
    CHECK(content_key(empty[0]) != key);
    CHECK(content_key({key, content_key("a")}) != content_key({content_key("a"), key}));
}

TEST_CASE("numbers and geometries come back from the bytes of an answer, and short bytes are noticed", "[memo]") {
    geo::Shapes shapes = two_triangles(false, true);
    shapes.append(two_triangles(true, true)[0]);
    shapes.end_shape(geo::Dimension::area); // no parts
    layers::MemoWriter writer;
    writer.add(2.5);
    for (std::size_t i = 0; i < shapes.size(); ++i)
        writer.add(shapes[i]);
    writer.add(std::uint64_t{7});

    layers::MemoReader reader(writer.bytes());
    geo::Shapes taken;
    CHECK(reader.take<double>() == 2.5);
    for (std::size_t i = 0; i < shapes.size(); ++i)
        reader.take(taken);
    CHECK_FALSE(reader.is_whole()); // the 7 is left
    CHECK(reader.take<std::uint64_t>() == 7);
    CHECK(reader.is_whole());
    CHECK(taken.xy == shapes.xy);
    CHECK(taken.ring_first == shapes.ring_first);
    CHECK(taken.part_first == shapes.part_first);
    CHECK(taken.shape_first == shapes.shape_first);
    CHECK(taken.box == shapes.box);

    for (std::size_t size = 0; size < writer.bytes().size(); ++size) {
        CAPTURE(size);
        layers::MemoReader cut(std::string_view(writer.bytes()).substr(0, size));
        geo::Shapes some;
        static_cast<void>(cut.take<double>());
        for (std::size_t i = 0; i < shapes.size(); ++i)
            cut.take(some);
        static_cast<void>(cut.take<std::uint64_t>());
        REQUIRE(cut.is_short());
        REQUIRE_FALSE(cut.is_whole());
        REQUIRE(some.size() == shapes.size());
    }
}

TEST_CASE("an answer that could not be used gives way to the one worked out", "[memo]") {
    const test::TempDir dir;
    Memo first;
    first.keep(question(1), "no longer readable");
    first.save(dir / "m.memo");
    Memo second;
    REQUIRE_FALSE(second.load(dir / "m.memo"));
    REQUIRE(second.find(question(1)) == std::string_view("no longer readable"));
    second.keep(question(1), "new");
    second.save(dir / "m.memo");
    Memo third;
    REQUIRE_FALSE(third.load(dir / "m.memo"));
    CHECK(third.find(question(1)) == std::string_view("new"));
}
