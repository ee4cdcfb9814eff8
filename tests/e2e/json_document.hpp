#pragma once
/// A JSON document read by path: keeps the JSON library in one source file of the tests.

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace corebelt::test {

/// Paths are JSON pointers: "/zones/0/area".
class JsonDocument {
public:
    explicit JsonDocument(const std::string& text); ///< throws std::runtime_error where it is no JSON
    [[nodiscard]] double number(const std::string& pointer) const;
    [[nodiscard]] std::string text(const std::string& pointer) const;
    [[nodiscard]] bool is_null(const std::string& pointer) const;
    [[nodiscard]] bool has(const std::string& pointer) const;
    [[nodiscard]] std::size_t size(const std::string& pointer) const; ///< of an array or object
    [[nodiscard]] std::vector<std::string> keys(const std::string& pointer) const;

    struct Node;

private:
    std::shared_ptr<const Node> node_;
};

} // namespace corebelt::test
