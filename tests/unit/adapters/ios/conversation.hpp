#pragma once
// A switch that says what a script tells, each part once the dialogue has sent what the script expects, cut
// into pieces of any size.

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "adapters/ios/dialogue.hpp"

namespace garita::ios {

struct Step {
    std::string expect;     ///< everything that the dialogue has sent since the step before
    std::string reply;      ///< what the switch says then
    std::string command{};  ///< sent before that; none: empty
    Questions questions = Questions::refuse;
};
using Script = std::vector<Step>;

/// How each reply is cut: at one place, or into pieces of one size.
struct Cut {
    std::size_t at = std::string::npos;
    std::size_t every = std::string::npos;
};

struct Heard {
    Dialogue::State state = Dialogue::State::opening;
    Dialogue::Trouble trouble = Dialogue::Trouble::none;
    std::string text;
    std::vector<Answer> answers;
};

inline void feed(Dialogue& dialogue, std::string_view bytes, const Cut& cut, std::string& sent) {
    while (!bytes.empty()) {
        std::size_t size = std::min(bytes.size(), cut.every);
        if (cut.at > 0 && cut.at < bytes.size()) size = cut.at;
        dialogue.receive(bytes.substr(0, size));
        sent += dialogue.take_output();
        bytes.remove_prefix(size);
        if (cut.at != std::string::npos) {
            dialogue.receive(bytes);
            bytes = {};
        }
        sent += dialogue.take_output();
    }
}

inline Heard converse(const DialogueSettings& settings, const Script& script, const Cut& cut = {}) {
    Dialogue dialogue(settings);
    Heard heard;
    std::string sent;
    for (const auto& step : script) {
        if (!step.command.empty()) {
            if (dialogue.state() != Dialogue::State::ready) break;
            dialogue.send(step.command, step.questions);
        }
        sent += dialogue.take_output();
        EXPECT_EQ(sent, step.expect) << "before " << step.reply;
        sent.clear();
        const bool waited = dialogue.state() == Dialogue::State::waiting;
        feed(dialogue, step.reply, cut, sent);
        if (waited && dialogue.state() == Dialogue::State::ready)
            heard.answers.push_back(dialogue.take_answer());
    }
    EXPECT_EQ(sent, "") << "at the end";
    heard.state = dialogue.state();
    heard.trouble = dialogue.trouble();
    heard.text = dialogue.trouble_text();
    return heard;
}

/// Cut at every byte, into single bytes, and not at all: the outcome must be the same.
template <typename Check>
void converse_in_every_way(const DialogueSettings& settings, const Script& script, Check check) {
    std::size_t longest = 0;
    for (const auto& step : script)
        longest = std::max(longest, step.reply.size());
    check(converse(settings, script));
    check(converse(settings, script, {std::string::npos, 1}));
    for (std::size_t at = 1; at < longest && !::testing::Test::HasFailure(); ++at) {
        SCOPED_TRACE("cut at " + std::to_string(at));
        check(converse(settings, script, {at, std::string::npos}));
    }
}

}  // namespace garita::ios
