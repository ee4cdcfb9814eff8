#include "samples.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include <filesystem>

using namespace corebelt;

namespace {

const std::filesystem::path data_folder = std::filesystem::path(COREBELT_SOURCE_DIR) / "data";

void agrees_with_committed(const std::vector<samples::File>& files) {
    for (const samples::File& file : files) {
        CAPTURE(file.name);
        CHECK(file.bytes.size() < 1'000'000);
        CHECK(file.bytes.find("虚构示例，非真实边界") != std::string::npos);
        const bool same = test::read_text(data_folder / file.name) == file.bytes; // no megabyte in the message
        CHECK(same);
    }
}

} // namespace

TEST_CASE("the Yuxi sample is made again byte for byte", "[samples]") {
    agrees_with_committed(samples::yuxi());
}

TEST_CASE("the planted sample is made again byte for byte", "[samples]") {
    agrees_with_committed(samples::demo_park());
}
