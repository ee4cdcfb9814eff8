#pragma once
/// Answers of a memo that have no fixed size: numbers and geometries, one after the other, in the bytes of this
/// machine.

#include "corebelt/geo/shapes.hpp"

#include <string>
#include <string_view>
#include <type_traits>

namespace corebelt::layers {

class MemoWriter {
public:
    template <class Number>
    void add(Number number) {
        static_assert(std::is_arithmetic_v<Number>);
        bytes_.append(reinterpret_cast<const char*>(&number), sizeof number);
    }
    void add(const geo::ShapeView& shape);
    [[nodiscard]] const std::string& bytes() const { return bytes_; }

private:
    std::string bytes_;
};

/// Takes what a MemoWriter added, in the same order. Once something is missing nothing more is taken.
class MemoReader {
public:
    explicit MemoReader(std::string_view bytes) : rest_(bytes) {}

    /// 0 where there is none.
    template <class Number>
    [[nodiscard]] Number take() {
        static_assert(std::is_arithmetic_v<Number>);
        Number number{};
        take_bytes(&number, sizeof number);
        return number;
    }
    /// Appends one feature; one without parts where there is none.
    void take(geo::Shapes& shapes);
    [[nodiscard]] bool is_short() const { return !whole_; } ///< something was missing
    /// Everything was there, and nothing is left.
    [[nodiscard]] bool is_whole() const { return whole_ && rest_.empty(); }

private:
    void take_bytes(void* to, std::size_t size);

    std::string_view rest_;
    bool whole_ = true;
};

} // namespace corebelt::layers
