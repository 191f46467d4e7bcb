#include "runtime/shell/telnet_codec.hpp"

#include <utility>

namespace garita::runtime {
namespace {

constexpr std::uint8_t end_of_details = 240;
constexpr std::uint8_t details = 250;
constexpr std::uint8_t will = 251;
constexpr std::uint8_t wont = 252;
constexpr std::uint8_t please_do = 253;
constexpr std::uint8_t please_dont = 254;
constexpr std::uint8_t escape = 255;

constexpr std::uint8_t option_echo = 1;
constexpr std::uint8_t option_go_ahead = 3;
constexpr std::uint8_t option_kind = 24;
constexpr std::uint8_t option_size = 31;

constexpr std::size_t most_details = 64;

}  // namespace

std::string TelnetCodec::decode(std::string_view bytes) {
    std::string out;
    for (const char c : bytes)
        take(static_cast<std::uint8_t>(c), out);
    return out;
}

void TelnetCodec::take(std::uint8_t byte, std::string& out) {
    switch (in_) {
        case In::text:
        case In::carriage_return:
            return take_text(byte, out);
        case In::command:
            in_ = In::text;
            if (byte == escape) out += static_cast<char>(byte);
            if (byte >= will) {
                verb_ = byte;
                if (byte != escape) in_ = In::option;
            }
            if (byte == details) {
                details_.clear();
                in_ = In::details;
            }
            return;
        case In::option:
            in_ = In::text;
            return agree(verb_, byte);
        case In::details:
            if (byte == escape)
                in_ = In::details_command;
            else if (details_.size() < most_details)
                details_ += static_cast<char>(byte);
            return;
        case In::details_command:
            in_ = In::details;
            if (byte == end_of_details) {
                in_ = In::text;
                take_details();
            }
            return;
    }
}

void TelnetCodec::take_text(std::uint8_t byte, std::string& out) {
    const bool after_return = in_ == In::carriage_return;
    in_ = In::text;
    if (byte == escape) {
        in_ = In::command;
        return;
    }
    if (after_return && byte == 0) return;  // what stands behind a carriage return that is only one
    if (byte == '\r') in_ = In::carriage_return;
    out += static_cast<char>(byte);
}

void TelnetCodec::agree(std::uint8_t verb, std::uint8_t option) {
    if (verb == will || verb == wont) {
        const bool wanted = verb == will && (option == option_echo || option == option_go_ahead);
        const auto told = wanted ? Told::yes : Told::no;
        const bool news = theirs_[option] != told && !(verb == wont && theirs_[option] == Told::nothing);
        theirs_[option] = told;
        if (news) send(wanted ? please_do : please_dont, option);
        return;
    }
    const bool can =
        verb == please_do && (option == option_go_ahead || option == option_kind || option == option_size);
    const auto told = can ? Told::yes : Told::no;
    const bool news = ours_[option] != told && !(verb == please_dont && ours_[option] == Told::nothing);
    ours_[option] = told;
    if (!news) return;
    send(can ? will : wont, option);
    if (can && option == option_size) {
        constexpr std::array<unsigned char, 9> size = {escape, details, option_size,   1, 254, 0,
                                                       200,    escape,  end_of_details};  // 510 by 200
        replies_.append(size.begin(), size.end());
    }
}

void TelnetCodec::take_details() {
    constexpr char send_it = 1;
    const bool asks_kind = details_.size() == 2 && static_cast<std::uint8_t>(details_[0]) == option_kind &&
                           details_[1] == send_it && ours_[option_kind] == Told::yes;
    if (!asks_kind) return;
    constexpr std::array<unsigned char, 11> kind = {escape, details, option_kind, 0,      'v',           't',
                                                    '1',    '0',     '0',         escape, end_of_details};
    replies_.append(kind.begin(), kind.end());
}

void TelnetCodec::send(std::uint8_t verb, std::uint8_t option) {
    replies_ += static_cast<char>(escape);
    replies_ += static_cast<char>(verb);
    replies_ += static_cast<char>(option);
}

std::string TelnetCodec::encode(std::string_view typed) {
    std::string out;
    for (const char c : typed) {
        out += c;
        if (static_cast<std::uint8_t>(c) == escape) out += c;
        if (c == '\r') out += '\0';
    }
    return out;
}

std::string TelnetCodec::take_replies() {
    return std::exchange(replies_, {});
}

}  // namespace garita::runtime
