#pragma once
// What the agent's two parts say to each other: requests that correspond to calls of the interfaces, and
// their answers. Pure and bounded: no byte sequence makes more than itself.

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "detect/process_table.hpp"
#include "enforce/host_control.hpp"
#include "enforce/rule_backend.hpp"
#include "model/action.hpp"

namespace garita::enforcer_link {

struct Prepare {};
struct Apply {
    std::vector<enforce::BlockEntry> add;
    std::vector<IpNetwork> remove;
    Time now{};
};
struct ReadBack {
    Time now{};
};
struct Rebuild {
    std::vector<enforce::BlockEntry> all;
    Time now{};
};
struct Check {
    Time now{};
};
struct RemoveAll {};
struct CloseOne {
    CloseSession session;
};
struct FindSession {
    detect::Connection connection;
};
struct FindProcess {
    std::int32_t pid = 0;
};
struct ListSessions {};
struct WatchSessions {};

using Request = std::variant<Prepare, Apply, ReadBack, Rebuild, Check, RemoveAll, CloseOne, Reboot, PowerOff,
                             FindSession, FindProcess, ListSessions, WatchSessions>;

[[nodiscard]] std::string encode(const Request& request);
/// The same as of the struct, without a copy of the lists.
[[nodiscard]] std::string encode_apply(std::span<const enforce::BlockEntry> add,
                                       std::span<const IpNetwork> remove, Time now);
[[nodiscard]] std::string encode_rebuild(std::span<const enforce::BlockEntry> all, Time now);
/// invalid: not what `encode` makes.
[[nodiscard]] Result<Request> decode_request(std::string_view bytes);

/// What a request is answered with. The first message, unasked: `Ready` or why not.
struct Ready {
    enum class Firewall : std::uint8_t { none, present } firewall = Firewall::none;
};
[[nodiscard]] std::string encode_answer(const Result<Ready>& answer);
[[nodiscard]] std::string encode_answer(const Result<void>& answer);
[[nodiscard]] std::string encode_answer(const Result<enforce::BatchResult>& answer);
[[nodiscard]] std::string encode_answer(const Result<std::vector<enforce::BlockEntry>>& answer);
[[nodiscard]] std::string encode_answer(const Result<enforce::Drift>& answer);
[[nodiscard]] std::string encode_answer(const Result<enforce::SessionClosed>& answer);
[[nodiscard]] std::string encode_answer(const Result<std::optional<detect::ProcessRef>>& answer);
[[nodiscard]] std::string encode_answer(const Result<std::vector<detect::SshSession>>& answer);

/// The answer as it was given, an error included; or the error `invalid` when the bytes are none. For the
/// types above.
template <typename Value>
[[nodiscard]] Result<Value> decode_answer(std::string_view bytes);

}  // namespace garita::enforcer_link
