#pragma once
/// What GDAL says while it works, kept instead of printed.

#include <cstdint>
#include <memory>
#include <string>

namespace corebelt::layers {

/// Catches GDAL's messages on this thread for as long as it lives. Nothing is thrown from the callback.
class GdalErrors {
public:
    GdalErrors();
    ~GdalErrors();
    GdalErrors(const GdalErrors&) = delete;
    GdalErrors& operator=(const GdalErrors&) = delete;

    [[nodiscard]] bool failed() const;
    /// First message of the highest severity, without line breaks; `otherwise` where there was none.
    [[nodiscard]] std::string reason(const std::string& otherwise = "GDAL gives no reason") const;
    void forget();

    struct Messages;

private:
    std::unique_ptr<Messages> messages_;
};

/// Registers GDAL's drivers once.
void register_drivers();

} // namespace corebelt::layers
