#include "sha256.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/layers/sink.hpp"

#include <filesystem>
#include <vector>

namespace corebelt::layers {
namespace {

namespace fs = std::filesystem;

std::size_t entries_in(const fs::path& folder) {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : fs::directory_iterator(folder))
        ++count;
    return count;
}

TEST_CASE("write_file replaces a file whole and leaves nothing beside it", "[output]") {
    const test::TempDir dir;
    const std::string path = dir / "报告.json";
    write_file(path, "first, and longer");
    write_file(path, std::string_view("a\0b", 3));
    CHECK(test::read_text(path) == std::string("a\0b", 3));
    CHECK(entries_in(dir.path()) == 1);
}

TEST_CASE("write_file into a missing folder or onto a folder says why and leaves nothing", "[output][error]") {
    const test::TempDir dir;
    fs::create_directory(dir.path() / "folder");
    const std::string name = GENERATE("missing/out.json", "folder");
    const std::string path = dir / name;
    try {
        write_file(path, "x");
        FAIL("no error for " << path);
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::output);
        CHECK(error.code() == "cannot-write");
        CHECK(error.text().en.find(path) != std::string::npos);
        CHECK(error.text().zh.find(path) != std::string::npos);
    }
    CHECK(entries_in(dir.path()) == 1);
    CHECK(entries_in(dir.path() / "folder") == 0);
}

TEST_CASE("write_file writes to a device directly", "[output]") {
    CHECK_NOTHROW(write_file("/dev/null", "x"));
}

TEST_CASE("sha256_of agrees with the published vectors", "[digest]") {
    // FIPS 180-4 examples, and the one-million-a vector of the NESSIE project.
    const test::TempDir dir;
    const auto digest_of = [&](const std::string& text) {
        test::write_text(dir.path() / "text", text);
        return sha256_of(dir / "text");
    };
    CHECK(digest_of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(digest_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(digest_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(digest_of(std::string(1000000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("the digest of a shapefile covers its attributes and not its neighbours", "[digest]") {
    const test::TempDir dir;
    test::write_text(dir.path() / "a.shp", "shape");
    test::write_text(dir.path() / "a.dbf", "table");
    const std::string before = sha256_of(dir / "a.shp");
    test::write_text(dir.path() / "b.dbf", "other");
    test::write_text(dir.path() / "a.sbn", "index");
    CHECK(sha256_of(dir / "a.shp") == before);
    test::write_text(dir.path() / "a.dbf", "tablE");
    CHECK(sha256_of(dir / "a.shp") != before);
    CHECK(sha256_of("PG:dbname=plan") == "");
}

TEST_CASE("the processor's own instructions give the digest of plain arithmetic", "[digest]") {
    const auto fast = fast_sha256_blocks();
    if (fast == nullptr) {
        WARN("skipped: the processor has no such instructions");
        return;
    }
    std::uint32_t state = 1;
    std::vector<std::uint8_t> bytes;
    for (std::size_t size = 0; size < 400; ++size) {
        Sha256 plain(&plain_sha256_blocks);
        Sha256 quick(fast);
        plain.add(bytes);
        const auto middle = static_cast<std::ptrdiff_t>(size / 3);
        quick.add({bytes.begin(), bytes.begin() + middle}); // in two pieces
        quick.add({bytes.begin() + middle, bytes.end()});
        CAPTURE(size);
        CHECK(quick.finish() == plain.finish());
        state = state * 1664525U + 1013904223U;
        bytes.push_back(static_cast<std::uint8_t>(state >> 24U));
    }
}

} // namespace
} // namespace corebelt::layers
