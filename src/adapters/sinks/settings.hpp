#pragma once
// What a sink is told by the hub's configuration, whatever it hands cases to.

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "decide/case_text.hpp"
#include "decide/telling.hpp"

namespace garita::sinks {

struct Settings {
    std::string kind;  ///< "webhook", "exec"
    std::string name;  ///< as the configuration has it
    decide::Audience audience{};
    std::string language = "en";
    std::shared_ptr<const decide::TimeZone> zone{};
    std::size_t limit = 20;  ///< more that wait are told together
    Duration give_up_after = std::chrono::hours{24};

    /// Message::channel of its rows. One for each sink, so that what one cannot get rid of hides nothing from
    /// the others when the rows are looked at.
    [[nodiscard]] std::string channel() const { return kind + ':' + name; }
    [[nodiscard]] std::string title() const { return kind + ' ' + name; }
};

}  // namespace garita::sinks
