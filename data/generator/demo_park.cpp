#include "samples.hpp"
namespace corebelt::samples {
std::vector<File> demo_park() {
    return {};
}
} // namespace corebelt::samples
