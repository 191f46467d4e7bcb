#pragma once
// How access for new devices stands outside of the store: whom it can talk to, and whom not.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"
#include "model/time.hpp"

namespace garita::access {

struct SwitchStanding {
    enum class State {
        unknown,    ///< nobody has logged in yet
        fine,       ///< the last session ended well
        busy,       ///< a session is open
        away,       ///< out of reach or without a free line: tried again by itself
        forbidden,  ///< login, enable secret or host key: only a reload or a person has it tried again
    };
    std::string name;
    std::string address;
    State state = State::unknown;
    std::string error{};                 ///< of the last session; empty: none
    std::optional<Time> last_session{};  ///< that ended well
    std::optional<Time> next_try{};      ///< of those that are away
};
[[nodiscard]] std::string_view to_text(SwitchStanding::State state);

struct MailboxStanding {
    std::string server;
    std::optional<Time> last_look{};  ///< that succeeded
    std::string error{};              ///< of the last look; empty: it succeeded
};

struct ReceiverStanding {
    std::vector<std::string> listening;  ///< "udp 0.0.0.0:514"
    std::uint64_t received = 0;          ///< messages since the start
    std::uint64_t events = 0;            ///< of these, about devices that are waited for
    std::uint64_t lost = 0;              ///< that found the kernel's buffer full
    std::uint64_t refused = 0;           ///< connections
};

struct DatabaseStanding {
    std::string name;
    std::optional<Time> last_look{};
    std::string error{};
};

struct AccessStanding {
    std::vector<SwitchStanding> switches;
    std::optional<MailboxStanding> mailbox;
    std::optional<ReceiverStanding> receiver;
    std::vector<DatabaseStanding> databases;
};

/// Any thread.
class AccessMonitor {
  public:
    AccessMonitor() = default;
    AccessMonitor(const AccessMonitor&) = delete;
    AccessMonitor& operator=(const AccessMonitor&) = delete;
    virtual ~AccessMonitor() = default;

    [[nodiscard]] virtual AccessStanding standing() const = 0;
    /// Has a switch that is away or forbidden tried at once, where anything is due there. not_found: it is
    /// not in the inventory.
    [[nodiscard]] virtual Result<void> retry(std::string_view switch_name) = 0;
};

}  // namespace garita::access
