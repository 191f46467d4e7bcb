#pragma once
// How the state of a class travels from the agent that keeps it to the hub.

#include <optional>
#include <string>
#include <string_view>

#include "enforce/class_status.hpp"
#include "runtime/json/reader.hpp"
#include "runtime/signing/signing_key.hpp"

namespace garita::hub_link {

template <std::size_t capacity>
[[nodiscard]] std::string encode_packed(const Packed<capacity>& packed) {
    const auto bytes = packed.bytes();
    return runtime::to_base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}
/// Nothing for text that is none, or too long.
template <typename P>
[[nodiscard]] std::optional<P> decode_packed(std::string_view text) {
    const auto bytes = runtime::from_base64url(text);
    P made;
    if (!bytes || !made.append({reinterpret_cast<const std::uint8_t*>(bytes->data()), bytes->size()}))
        return std::nullopt;
    return made;
}

[[nodiscard]] boost::json::value to_json(const enforce::ClassStatus& status);
[[nodiscard]] Result<enforce::ClassStatus> status_from(const boost::json::value& value,
                                                       std::string_view where,
                                                       runtime::json::Unknown unknown);

}  // namespace garita::hub_link
