#include "styles/golden.hpp"

#include "support/temp_dir.hpp"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace corebelt::test {

PixelDifference difference_from_golden(const std::string& name, const std::string& png, int tolerance) {
    const auto path = std::filesystem::path(COREBELT_SOURCE_DIR) / "tests" / "golden" / (name + ".png");
    if (const char* bless = std::getenv("COREBELT_BLESS"); bless != nullptr && std::string(bless) == "1") {
        if (std::getenv("CI") != nullptr)
            throw std::runtime_error("goldens are not blessed under CI");
        std::filesystem::create_directories(path.parent_path());
        write_text(path, png);
    }
    return compare(decode_png(read_text(path)), decode_png(png), tolerance);
}

} // namespace corebelt::test
