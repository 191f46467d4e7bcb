#pragma once
// A server that says what the test has written for it, command by command, and remembers what it was told.

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/mailbox/wire.hpp"

namespace garita::mailbox {

class ScriptedWire final : public Wire {
  public:
    /// What the server says when the next line has come. "%" stands for the command's tag.
    ScriptedWire& then(std::string answer) {
        answers_.push_back(std::move(answer));
        return *this;
    }

    Result<void> send(std::string_view text) override {
        sent.emplace_back(text.substr(0, text.find_last_not_of("\r\n") + 1));
        const auto tag = sent.back().substr(0, sent.back().find(' '));
        if (tag != "DONE") tag_ = tag;
        if (answers_.empty()) return {};
        for (const char c : answers_.front())
            if (c == '%')
                incoming_ += tag_;
            else
                incoming_ += c;
        answers_.pop_front();
        return {};
    }
    Result<std::string> line(std::size_t longest) override {
        const auto end = incoming_.find("\r\n");
        if (end == std::string::npos) return fail(ErrorCode::unavailable, "closed", Retry::later);
        if (end > longest) return fail(ErrorCode::invalid, "too long");
        auto line = incoming_.substr(0, end);
        incoming_.erase(0, end + 2);
        return line;
    }
    Result<std::string> bytes(std::size_t count) override {
        if (incoming_.size() < count) return fail(ErrorCode::unavailable, "closed", Retry::later);
        auto bytes = incoming_.substr(0, count);
        incoming_.erase(0, count);
        return bytes;
    }
    Result<Heard> listen(std::chrono::milliseconds) override {
        return incoming_.empty() ? Heard::nothing : Heard::something;
    }

    std::vector<std::string> sent;

  private:
    std::deque<std::string> answers_;
    std::string incoming_;
    std::string tag_;
};

}  // namespace garita::mailbox
