#pragma once
/// Bytes of a declared or found encoding into UTF-8.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace corebelt::layers {

/// The usual name of an encoding that a .cpg file, a project file or a person calls `name`: "GBK", "936", "cp936",
/// "ANSI 936" and "gb2312" are all GB18030, which contains them. None where nobody knows it.
[[nodiscard]] std::optional<std::string> encoding_called(std::string_view name);

/// Encoding of a dBASE language byte, none where the byte says nothing (0, or 0x57 "the system's ANSI page").
[[nodiscard]] std::optional<std::string> encoding_of_language_byte(unsigned char ldid);

/// Not for use by two threads at once.
class TextDecoder {
public:
    /// @pre `encoding` came from encoding_called() or encoding_of_language_byte().
    explicit TextDecoder(const std::string& encoding);
    ~TextDecoder();
    TextDecoder(TextDecoder&&) noexcept;
    TextDecoder& operator=(TextDecoder&&) noexcept;

    struct Decoded {
        std::string text;         ///< well-formed UTF-8
        bool cut = false;         ///< the last character was cut in half; dropped
        bool undecodable = false; ///< bytes that the encoding does not have; each became U+FFFD
    };
    [[nodiscard]] Decoded decode(std::string_view bytes) const;

private:
    struct Conversion;
    std::unique_ptr<Conversion> conversion_; ///< none: the bytes are UTF-8 already
};

/// UTF-8 in another encoding; characters that it lacks become ?. @pre as TextDecoder.
[[nodiscard]] std::string encoded_as(std::string_view utf8, const std::string& encoding);

} // namespace corebelt::layers
