#include "text_decoder.hpp"

#include "corebelt/geo/expects.hpp"
#include "corebelt/geo/utf8.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <utility>

namespace corebelt::layers {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

std::string letters_and_digits(std::string_view name) {
    std::string plain;
    for (const char c : name)
        if (std::isalnum(static_cast<unsigned char>(c)) != 0)
            plain.push_back(static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
    return plain;
}

bool iconv_knows(const std::string& encoding) {
    const iconv_t handle = iconv_open("UTF-8", encoding.c_str());
    if (handle == reinterpret_cast<iconv_t>(-1)) // NOLINT(performance-no-int-to-ptr): iconv's own failure value
        return false;
    iconv_close(handle);
    return true;
}

bool is_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view without_prefix(std::string_view text, std::string_view prefix) {
    return text.substr(0, prefix.size()) == prefix ? text.substr(prefix.size()) : text;
}

/// Bytes at the end of `bytes` that begin a UTF-8 character and do not finish it; 0 where the end is whole.
std::size_t cut_tail_of_utf8(std::string_view bytes) {
    for (std::size_t back = 1; back <= std::min<std::size_t>(3, bytes.size()); ++back) {
        const auto lead = static_cast<unsigned char>(bytes[bytes.size() - back]);
        if ((lead & 0xC0U) == 0x80U)
            continue; // a continuation byte: look further back
        const std::size_t needed = lead >= 0xF0U ? 4 : lead >= 0xE0U ? 3 : lead >= 0xC0U ? 2 : 1;
        return needed > back ? back : 0;
    }
    return 0;
}

TextDecoder::Decoded repaired_utf8(std::string_view bytes) {
    TextDecoder::Decoded decoded;
    const std::size_t tail = cut_tail_of_utf8(bytes);
    const auto body = bytes.substr(0, bytes.size() - tail);
    if (tail > 0 && geo::is_utf8(body)) {
        decoded.text = body;
        decoded.cut = true;
        return decoded;
    }
    decoded.undecodable = true;
    while (!bytes.empty()) {
        std::size_t taken = 0;
        for (std::size_t n = 1; n <= std::min<std::size_t>(4, bytes.size()) && taken == 0; ++n)
            if (geo::is_utf8(bytes.substr(0, n)))
                taken = n;
        decoded.text += taken > 0 ? bytes.substr(0, taken) : replacement;
        bytes = bytes.substr(std::max<std::size_t>(taken, 1));
    }
    return decoded;
}

} // namespace

std::optional<std::string> encoding_called(std::string_view name) {
    const std::string plain = letters_and_digits(name);
    constexpr std::array<std::pair<std::string_view, std::string_view>, 20> known{
        {{"UTF8", "UTF-8"},          {"65001", "UTF-8"},        {"GBK", "GB18030"},           {"GB2312", "GB18030"},
         {"GB18030", "GB18030"},     {"936", "GB18030"},        {"54936", "GB18030"},         {"BIG5", "BIG5"},
         {"950", "CP950"},           {"932", "CP932"},          {"SHIFTJIS", "CP932"},        {"949", "CP949"},
         {"LATIN1", "ISO-8859-1"},   {"88591", "ISO-8859-1"},   {"ISO88591", "ISO-8859-1"},   {"8859", "ISO-8859-1"},
         {"8859015", "ISO-8859-15"}, {"885915", "ISO-8859-15"}, {"ISO885915", "ISO-8859-15"}, {"ASCII", "UTF-8"}}};
    std::string_view number = plain;
    for (const std::string_view prefix : {"ANSI", "OEM", "WINDOWS", "CP"})
        number = without_prefix(number, prefix);
    for (const auto& [alias, encoding] : known)
        if (alias == plain || alias == number)
            return std::string(encoding);
    if (is_digits(number) && iconv_knows("CP" + std::string(number)))
        return "CP" + std::string(number);
    std::string as_written(name);
    const auto is_space = [](unsigned char c) { return std::isspace(c) != 0; };
    as_written.erase(std::remove_if(as_written.begin(), as_written.end(), is_space), as_written.end());
    // iconv reads "//TRANSLIT" and such as instructions; a name has none.
    if (!as_written.empty() && as_written.find('/') == std::string::npos && iconv_knows(as_written))
        return as_written;
    return std::nullopt;
}

std::optional<std::string> encoding_of_language_byte(unsigned char ldid) {
    struct Page {
        unsigned char ldid;
        const char* encoding;
    };
    // dBASE and FoxPro language drivers (ESRI's list); bytes that mean one code page with different sort orders
    // stand one after the other.
    constexpr std::array<Page, 36> pages{
        {{0x01, "CP437"}, {0x02, "CP850"},  {0x03, "CP1252"}, {0x08, "CP865"},   {0x09, "CP437"},  {0x0A, "CP850"},
         {0x0B, "CP437"}, {0x0D, "CP437"},  {0x0E, "CP850"},  {0x0F, "CP437"},   {0x10, "CP850"},  {0x13, "CP932"},
         {0x1F, "CP852"}, {0x22, "CP852"},  {0x23, "CP852"},  {0x26, "CP866"},   {0x40, "CP852"},  {0x4D, "GB18030"},
         {0x4E, "CP949"}, {0x4F, "CP950"},  {0x50, "CP874"},  {0x58, "CP1252"},  {0x59, "CP1252"}, {0x64, "CP852"},
         {0x65, "CP866"}, {0x78, "CP950"},  {0x79, "CP949"},  {0x7A, "GB18030"}, {0x7B, "CP932"},  {0x7C, "CP874"},
         {0x87, "CP852"}, {0xC8, "CP1250"}, {0xC9, "CP1251"}, {0xCA, "CP1254"},  {0xCB, "CP1253"}, {0xCC, "CP1257"}}};
    const auto found = std::find_if(pages.begin(), pages.end(), [&](const Page& page) { return page.ldid == ldid; });
    if (found == pages.end())
        return std::nullopt;
    return found->encoding;
}

struct TextDecoder::Conversion {
    iconv_t handle;

    explicit Conversion(const std::string& encoding) : handle(iconv_open("UTF-8", encoding.c_str())) {
        // NOLINTNEXTLINE(performance-no-int-to-ptr): iconv's own failure value
        COREBELT_EXPECTS(handle != reinterpret_cast<iconv_t>(-1));
    }
    ~Conversion() { iconv_close(handle); }
    Conversion(const Conversion&) = delete;
    Conversion& operator=(const Conversion&) = delete;
};

TextDecoder::TextDecoder(const std::string& encoding)
    : conversion_(encoding == "UTF-8" ? nullptr : std::make_unique<Conversion>(encoding)) {}
TextDecoder::~TextDecoder() = default;
TextDecoder::TextDecoder(TextDecoder&&) noexcept = default;
TextDecoder& TextDecoder::operator=(TextDecoder&&) noexcept = default;

TextDecoder::Decoded TextDecoder::decode(std::string_view bytes) const {
    if (!conversion_)
        return geo::is_utf8(bytes) ? Decoded{std::string(bytes)} : repaired_utf8(bytes);

    Decoded decoded;
    std::string source(bytes); // iconv wants a pointer to char that is not const
    char* in = source.data();
    std::size_t in_left = source.size();
    iconv(conversion_->handle, nullptr, nullptr, nullptr, nullptr);
    std::array<char, 512> buffer{};
    while (in_left > 0) {
        char* out = buffer.data();
        std::size_t out_left = buffer.size();
        const std::size_t result = iconv(conversion_->handle, &in, &in_left, &out, &out_left);
        const int failure = errno;
        decoded.text.append(buffer.data(), buffer.size() - out_left);
        if (result != static_cast<std::size_t>(-1) || failure == E2BIG)
            continue;
        if (failure == EINVAL) {
            decoded.cut = true;
            break;
        }
        decoded.undecodable = true;
        decoded.text += replacement;
        ++in;
        --in_left;
    }
    return decoded;
}

std::string encoded_as(std::string_view utf8, const std::string& encoding) {
    const iconv_t handle = iconv_open(encoding.c_str(), "UTF-8");
    // NOLINTNEXTLINE(performance-no-int-to-ptr): iconv's own failure value
    COREBELT_EXPECTS(handle != reinterpret_cast<iconv_t>(-1));
    std::string source(utf8);
    std::string encoded;
    char* in = source.data();
    std::size_t in_left = source.size();
    std::array<char, 512> buffer{};
    while (in_left > 0) {
        char* out = buffer.data();
        std::size_t out_left = buffer.size();
        const std::size_t result = iconv(handle, &in, &in_left, &out, &out_left);
        const int failure = errno;
        encoded.append(buffer.data(), buffer.size() - out_left);
        if (result != static_cast<std::size_t>(-1) || failure == E2BIG)
            continue;
        encoded += '?';
        do { // past the whole character
            ++in;
            --in_left;
        } while (in_left > 0 && (static_cast<unsigned char>(*in) & 0xC0U) == 0x80U);
    }
    iconv_close(handle);
    return encoded;
}

} // namespace corebelt::layers
