#include "runtime/proc/process_owner.hpp"

#include <algorithm>
#include <charconv>

namespace garita::runtime {

std::optional<ProcessOwner> parse_process_owner(std::string_view status) {
    constexpr std::string_view head =
        "\nUid:";  // a name cannot hold a line's end: the kernel writes it as \n
    const auto at = status.find(head);
    if (at == std::string_view::npos) return std::nullopt;
    auto rest = status.substr(at + head.size());
    rest = rest.substr(0, rest.find('\n'));
    ProcessOwner owner;
    for (auto* const id : {&owner.real, &owner.effective, &owner.saved}) {
        rest.remove_prefix(std::min(rest.find_first_not_of("\t "), rest.size()));
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), *id);
        if (error != std::errc{}) return std::nullopt;
        rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
        if (!rest.empty() && rest.front() != '\t' && rest.front() != ' ') return std::nullopt;
    }
    return owner;
}

}  // namespace garita::runtime
