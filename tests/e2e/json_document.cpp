#include "json_document.hpp"

#include <nlohmann/json.hpp>

#include <stdexcept>

namespace corebelt::test {

struct JsonDocument::Node {
    nlohmann::ordered_json json;

    [[nodiscard]] const nlohmann::ordered_json& at(const std::string& pointer) const {
        try {
            return json.at(nlohmann::ordered_json::json_pointer(pointer));
        } catch (const std::exception& e) {
            throw std::runtime_error(pointer + ": " + e.what());
        }
    }
};

JsonDocument::JsonDocument(const std::string& text)
    : node_(std::make_shared<Node>(Node{nlohmann::ordered_json::parse(text)})) {}

double JsonDocument::number(const std::string& pointer) const {
    return node_->at(pointer).get<double>();
}
std::string JsonDocument::text(const std::string& pointer) const {
    const auto& value = node_->at(pointer);
    return value.is_string() ? value.get<std::string>() : value.dump();
}
bool JsonDocument::is_null(const std::string& pointer) const {
    return node_->at(pointer).is_null();
}
bool JsonDocument::has(const std::string& pointer) const {
    return node_->json.contains(nlohmann::ordered_json::json_pointer(pointer));
}
std::size_t JsonDocument::size(const std::string& pointer) const {
    return node_->at(pointer).size();
}
std::vector<std::string> JsonDocument::keys(const std::string& pointer) const {
    std::vector<std::string> names;
    for (const auto& [key, value] : node_->at(pointer).items())
        names.push_back(key);
    return names;
}

} // namespace corebelt::test
