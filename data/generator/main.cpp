/// corebelt_make_samples FOLDER: writes FOLDER/yuxi and FOLDER/demo-park, the same bytes every time.

#include "samples.hpp"

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <stdexcept>

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: corebelt_make_samples FOLDER\n", stderr);
        return 2;
    }
    try {
        for (const auto& files : {corebelt::samples::yuxi(), corebelt::samples::demo_park()})
            for (const auto& file : files) {
                const std::filesystem::path path = std::filesystem::path(argv[1]) / file.name;
                std::filesystem::create_directories(path.parent_path());
                std::ofstream out(path, std::ios::binary);
                out << file.bytes;
                if (!out.flush())
                    throw std::runtime_error("cannot write " + path.string());
            }
    } catch (const std::exception& e) {
        std::fprintf(stderr, "corebelt_make_samples: %s\n", e.what());
        return 1;
    }
    return 0;
}
