#pragma once
// The bytes of Telnet (RFC 854): what the terminal says, and what the two ends agree about beside it. A
// client: lets the other side echo, tells a size and a kind of terminal, and declines the rest.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace garita::runtime {

class TelnetCodec {
  public:
    /// What the terminal says; replies() is to be sent then.
    [[nodiscard]] std::string decode(std::string_view bytes);
    /// What is typed, as it goes out.
    [[nodiscard]] static std::string encode(std::string_view typed);
    /// Answers to what decode() has seen; empty after that.
    [[nodiscard]] std::string take_replies();

  private:
    enum class In { text, carriage_return, command, option, details, details_command };

    void take(std::uint8_t byte, std::string& out);
    void take_text(std::uint8_t byte, std::string& out);
    void agree(std::uint8_t verb, std::uint8_t option);
    void take_details();
    void send(std::uint8_t verb, std::uint8_t option);

    enum class Told : std::uint8_t { nothing, yes, no };
    In in_ = In::text;
    std::uint8_t verb_ = 0;
    std::string details_;
    std::string replies_;
    std::array<Told, 256> ours_{};    ///< said WILL or WONT of this option
    std::array<Told, 256> theirs_{};  ///< said DO or DONT
};

}  // namespace garita::runtime
