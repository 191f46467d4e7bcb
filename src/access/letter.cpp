#include "access/letter.hpp"

#include <array>

#include "access/proof.hpp"

namespace garita::access {

std::string_view to_text(Automatic why) {
    constexpr std::array<std::string_view, 6> words = {"auto_submitted", "bulk",        "list",
                                                       "own_address",    "null_sender", "loop"};
    return words.at(static_cast<std::size_t>(why));
}

std::string_view to_text(Proof::Kind kind) {
    constexpr std::array<std::string_view, 4> words = {"authentication_results", "dkim", "smime", "openpgp"};
    return words.at(static_cast<std::size_t>(kind));
}

}  // namespace garita::access
