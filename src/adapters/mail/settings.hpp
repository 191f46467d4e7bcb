#pragma once
// What the channel is told by the hub's configuration.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "decide/case_text.hpp"
#include "decide/telling.hpp"
#include "runtime/mail_server/mail_server.hpp"

namespace garita::mail {

inline constexpr std::string_view channel_name = "mail";

/// Where letters are handed over.
struct Server : runtime::MailServer {
    Server() {
        port = 587;
        security = Security::starttls;
    }
    std::string from;  ///< sender
};

struct Recipient : decide::Audience {
    std::string address;
    std::string language = "en";
    std::shared_ptr<const decide::TimeZone> zone;
};

/// Where a case can be answered by a browser. Empty url: nowhere.
struct WayToAnswer {
    std::string url;
    Time until{};
};

struct Settings {
    std::string from;
    std::string language = "en";  ///< of letters to those who named none
    std::vector<Recipient> to;    ///< of letters about cases
    std::size_t limit = 10;       ///< letters to one recipient within `per`; what is more comes together
    Duration per = std::chrono::minutes{10};
    /// Where a recipient (an address) can answer this case by a browser; none: nobody can.
    std::function<WayToAnswer(const Case& about, std::string_view address, Time now)> way_to_answer;
};

}  // namespace garita::mail
