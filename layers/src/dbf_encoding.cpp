#include "dbf_encoding.hpp"

#include "text_decoder.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/utf8.hpp"

#include <cpl_conv.h>
#include <cpl_vsi.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace corebelt::layers {

namespace {

struct CloseFile {
    void operator()(VSILFILE* file) const { VSIFCloseL(file); }
};
using File = std::unique_ptr<VSILFILE, CloseFile>;

File open_file(const std::string& path) {
    return File(VSIFOpenL(path.c_str(), "rb"));
}

std::size_t read_bytes(VSILFILE* file, std::vector<std::uint8_t>& buffer) {
    return VSIFReadL(buffer.data(), 1, buffer.size(), file);
}

struct TextField {
    std::size_t offset; ///< inside the record
    std::size_t width;
};

struct DbfHeader {
    unsigned char ldid = 0;
    std::size_t header_size = 0;
    std::size_t record_size = 0;
    std::vector<TextField> text_fields;
    std::vector<std::string> names;
};

std::size_t u16(const std::vector<std::uint8_t>& bytes, std::size_t at) {
    return std::size_t{bytes[at]} | std::size_t{bytes[at + 1]} << 8U;
}

std::optional<DbfHeader> read_header(VSILFILE* file) {
    std::vector<std::uint8_t> start(32);
    if (read_bytes(file, start) != start.size())
        return std::nullopt;
    DbfHeader header;
    header.header_size = u16(start, 8);
    header.record_size = u16(start, 10);
    header.ldid = start[29];
    if (header.header_size < 33 || header.record_size < 1)
        return std::nullopt;
    std::vector<std::uint8_t> fields(header.header_size - 32);
    if (read_bytes(file, fields) != fields.size())
        return std::nullopt;
    std::size_t offset = 1; // after the deletion mark
    for (std::size_t at = 0; at + 32 <= fields.size() && fields[at] != 0x0D; at += 32) {
        const auto* name = reinterpret_cast<const char*>(fields.data() + at);
        header.names.emplace_back(name, std::find(name, name + 11, '\0'));
        const char type = static_cast<char>(fields[at + 11]);
        // A text wider than 255 keeps the high byte of its width where numbers keep their decimals.
        const std::size_t width = type == 'C' ? u16(fields, at + 16) : fields[at + 16];
        if (type == 'C' && offset + width <= header.record_size)
            header.text_fields.push_back({offset, width});
        offset += width;
    }
    return header;
}

/// Which encodings can read every text seen so far.
struct Candidates {
    bool utf8 = true;
    bool gb18030 = true;
    std::uint64_t chinese_pairs = 0; ///< of bytes as the common characters have them, those of GB 2312
    std::uint64_t letter_pairs = 0;  ///< a high byte and a letter: "ég" of Région, or a rare character
    TextDecoder gb18030_decoder{"GB18030"};
    TextDecoder utf8_decoder{"UTF-8"};

    /// @param full  the text fills its field: its last character may have been cut by the field's width
    void test(std::string_view text, bool full) {
        if (std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
            return;
        utf8 = utf8 && reads(utf8_decoder, text, full);
        // Trying the second is needed only once the first has failed; but by then earlier texts are gone.
        gb18030 = gb18030 && reads(gb18030_decoder, text, full);
        count_pairs(text);
    }

    void count_pairs(std::string_view text) {
        for (std::size_t i = 0; i + 1 < text.size(); ++i) {
            const auto first = static_cast<unsigned char>(text[i]);
            const auto second = static_cast<unsigned char>(text[i + 1]);
            if (first < 0x80)
                continue;
            if (first >= 0xA1 && second >= 0xA1)
                ++chinese_pairs;
            else if (second >= 0x40 && second < 0x7F)
                ++letter_pairs;
            ++i;
        }
    }

    static bool reads(const TextDecoder& decoder, std::string_view text, bool full) {
        const auto decoded = decoder.decode(text);
        return !decoded.undecodable && (!decoded.cut || full);
    }
};

void test_texts(VSILFILE* file, const DbfHeader& header, Candidates& candidates) {
    for (const auto& name : header.names)
        candidates.test(name, true);
    const std::size_t records_at_once = std::max<std::size_t>(1, (1U << 20U) / header.record_size);
    std::vector<std::uint8_t> block(records_at_once * header.record_size);
    for (;;) {
        const std::size_t got = read_bytes(file, block);
        for (std::size_t at = 0; at + header.record_size <= got; at += header.record_size) {
            for (const auto& field : header.text_fields) {
                std::string_view text(reinterpret_cast<const char*>(block.data() + at + field.offset), field.width);
                const std::size_t last = text.find_last_not_of(std::string_view(" \0", 2));
                text = text.substr(0, last == std::string_view::npos ? 0 : last + 1);
                candidates.test(text, text.size() + 1 >= field.width);
            }
            if (!candidates.utf8 && !candidates.gb18030)
                return;
        }
        if (got < block.size())
            return;
    }
}

std::optional<Encoding> cpg_encoding(const std::string& dbf_path) {
    for (const char* extension : {"cpg", "CPG", "cst"}) {
        const File file = open_file(CPLResetExtension(dbf_path.c_str(), extension));
        if (!file)
            continue;
        std::vector<std::uint8_t> bytes(64);
        bytes.resize(read_bytes(file.get(), bytes));
        std::string name(bytes.begin(), bytes.end());
        name = name.substr(0, name.find_first_of("\r\n"));
        if (const auto encoding = encoding_called(name))
            return Encoding{*encoding, "cpg"};
    }
    return std::nullopt;
}

} // namespace

Encoding declared_encoding(const std::string& declared) {
    if (const auto encoding = encoding_called(declared))
        return {*encoding, "declared"};
    throw Error(ErrorKind::usage, "unknown-encoding",
                {fmt::format("unknown encoding \"{}\": use UTF-8, GB18030, GBK, BIG5, ISO-8859-1 or another name that "
                             "iconv knows",
                             declared),
                 fmt::format("未知的字符编码“{}”：请使用 UTF-8、GB18030、GBK、BIG5、ISO-8859-1 等 iconv 支持的名称",
                             declared)});
}

Encoding find_dbf_encoding(const std::string& dbf_path, const std::optional<std::string>& declared) {
    if (declared)
        return declared_encoding(*declared);
    if (auto encoding = cpg_encoding(dbf_path))
        return *encoding;
    const File file = open_file(dbf_path);
    const auto header = file ? read_header(file.get()) : std::nullopt;
    if (!header)
        return {"UTF-8", "utf8-valid"};
    if (const auto encoding = encoding_of_language_byte(header->ldid))
        return {*encoding, "ldid"};
    Candidates candidates;
    test_texts(file.get(), *header, candidates);
    if (candidates.utf8)
        return {"UTF-8", "utf8-valid"};
    constexpr unsigned char ansi = 0x57;
    if (header->ldid == ansi && (!candidates.gb18030 || candidates.letter_pairs > candidates.chinese_pairs))
        return {"ISO-8859-1", "ldid"};
    return {"GB18030", "fallback"};
}

Encoding find_text_encoding(const std::string& path, const std::optional<std::string>& declared) {
    if (declared)
        return declared_encoding(*declared);
    const File file = open_file(path);
    if (!file)
        return {"UTF-8", "utf8-valid"};
    std::vector<std::uint8_t> block(1U << 20U);
    std::string carried; // a character may be cut by the end of a block, not by a line's end
    for (;;) {
        const std::size_t got = read_bytes(file.get(), block);
        carried.append(reinterpret_cast<const char*>(block.data()), got);
        const bool last = got < block.size();
        const std::size_t line_end = last ? carried.size() : carried.find_last_of('\n') + 1;
        if (!geo::is_utf8(std::string_view(carried).substr(0, line_end)))
            return {"GB18030", "fallback"};
        if (last)
            return {"UTF-8", "utf8-valid"};
        carried.erase(0, line_end);
    }
}

} // namespace corebelt::layers
