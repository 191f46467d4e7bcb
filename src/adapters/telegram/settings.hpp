#pragma once
// What the channel is told by the hub's configuration.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/telegram/bot_api.hpp"
#include "decide/case_text.hpp"
#include "decide/on_call.hpp"
#include "model/person.hpp"

namespace garita::telegram {

inline constexpr std::string_view channel_name = "telegram";

struct ChatSettings {
    Place place;
    std::string language;  ///< empty: the hub's
    int step = 0;          ///< of on call, in which it is named; 0: told at once
    decide::QuietHours quiet{};
    std::shared_ptr<const decide::TimeZone> zone{};  ///< null: the hub's
};

struct Settings {
    std::vector<ChatSettings> chats;
    std::vector<Person> people;
    std::string language = "en";
    std::chrono::seconds poll_timeout{50};
    enum class Admission {
        ask,  ///< administrators are asked about chats that are not configured
        off,
    };
    Admission admission = Admission::ask;
    std::vector<std::int64_t> banned{};  ///< from the start; what administrators say later counts
    std::string ping{};  ///< what /ping shows: a URL, or Telegram's id of a file; empty: a word
    enum class Taking {
        off,
        on,  ///< questions have a button to take the case on
    };
    Taking taking = Taking::off;
    std::size_t flood_limit = 10;  ///< more waiting cases than this come as one message
};

/// What makes texts; both outlive the channel.
struct Voice {
    const decide::Catalogue& catalogue;
    const decide::TimeZone& zone;

    [[nodiscard]] decide::Reader reader(std::string language) const {
        return {catalogue, zone, std::move(language)};
    }
};

using Clock = std::function<Time()>;

}  // namespace garita::telegram
