#pragma once
/// Tables for terminals: fixed columns, Chinese characters two cells wide, fitting a given width.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corebelt::reports {

/// Cells that a UTF-8 text takes on a terminal (East Asian wide = 2, combining = 0).
[[nodiscard]] std::size_t display_width(std::string_view utf8);
/// Cut to at most `cells` cells, ending in … where something was cut.
[[nodiscard]] std::string fit(std::string_view utf8, std::size_t cells);

enum class Align { left, right };
enum class Ink { plain, good, bad, caution, dim, strong };

struct TextColumn {
    std::string title;
    Align align = Align::left;
    bool shrinks = false; ///< may be cut where the table is wider than the terminal
};

class TextTable {
public:
    explicit TextTable(std::vector<TextColumn> columns) : columns_(std::move(columns)) {}
    void row(std::vector<std::string> cells, std::vector<Ink> inks = {});
    void rule();
    /// @param width   cells that the widest line may take. @param colour  ANSI colours.
    [[nodiscard]] std::string to_string(std::size_t width, bool colour) const;

private:
    struct Row {
        std::vector<std::string> cells;
        std::vector<Ink> inks;
        bool is_rule = false;
    };
    std::vector<TextColumn> columns_;
    std::vector<Row> rows_;
};

} // namespace corebelt::reports
