#pragma once
// Whose a process is, by what the kernel says: names and arguments are the process's own choice.

#include <cstdint>
#include <optional>
#include <string_view>

namespace garita::runtime {

/// The identities under which a process acts, or could act at once.
struct ProcessOwner {
    std::uint32_t real = 0;
    std::uint32_t effective = 0;
    std::uint32_t saved = 0;

    /// A program that lends root's rights to whoever starts it (sudo, su) is root's in effect only.
    [[nodiscard]] bool wholly_root() const { return real == 0 && effective == 0 && saved == 0; }
    friend bool operator==(const ProcessOwner&, const ProcessOwner&) = default;
};

/// From the text of /proc/PID/status, whatever the process is called; nothing where it is none.
[[nodiscard]] std::optional<ProcessOwner> parse_process_owner(std::string_view status);

}  // namespace garita::runtime
