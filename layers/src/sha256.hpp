#pragma once
/// SHA-256 (FIPS 180-4).

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace corebelt::layers {

using Sha256State = std::array<std::uint32_t, 8>;

/// Takes `count` blocks of 64 bytes into the state: in plain arithmetic, or by the processor's own instructions, with
/// the same result.
using Sha256Blocks = void (*)(Sha256State& state, const std::uint8_t* blocks, std::size_t count);
void plain_sha256_blocks(Sha256State& state, const std::uint8_t* blocks, std::size_t count);
/// Null where the processor has no such instructions.
[[nodiscard]] Sha256Blocks fast_sha256_blocks();

class Sha256 {
public:
    /// By the processor's instructions where it has them.
    Sha256();
    explicit Sha256(Sha256Blocks add_blocks) : add_blocks_(add_blocks) {}

    void add(std::span<const std::uint8_t> bytes);
    /// 64 lower-case hexadecimal digits. Call once, last.
    [[nodiscard]] std::string finish();

private:
    Sha256Blocks add_blocks_;
    Sha256State state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::array<std::uint8_t, 64> pending_{};
    std::size_t pending_size_ = 0;
    std::uint64_t byte_count_ = 0;
};

} // namespace corebelt::layers
