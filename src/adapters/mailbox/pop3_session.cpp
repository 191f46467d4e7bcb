#include "adapters/mailbox/pop3_session.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "decide/foreign_text.hpp"

namespace garita::mailbox {

namespace {

constexpr std::size_t longest_line = std::size_t{64} * 1024;
constexpr std::size_t longest_listing = std::size_t{16} << 20U;

/// "12 rest" as 12 and "rest".
std::optional<std::pair<std::uint64_t, std::string_view>> numbered(std::string_view line) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
    if (error != std::errc() || end == line.data() + line.size() || *end != ' ') return std::nullopt;
    return std::pair{number, line.substr(static_cast<std::size_t>(end - line.data()) + 1)};
}

bool is_unique_id(std::string_view id) {
    return !id.empty() && id.size() <= 70 &&
           std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

tl::unexpected<Error> Pop3Session::give_up(Error error) {
    broken_ = true;
    return tl::unexpected<Error>(std::move(error));
}

Result<std::string> Pop3Session::command(const std::string& text) {
    if (auto sent = wire_.send(text + "\r\n"); !sent) return give_up(std::move(sent.error()));
    auto line = wire_.line(longest_line);
    if (!line) return give_up(std::move(line.error()));
    if (line->starts_with("+OK")) return line->substr(3);
    if (line->starts_with("-ERR"))
        return fail(ErrorCode::unavailable, "the mail server refused: " + decide::clean_line(*line),
                    Retry::later);
    return give_up(
        {ErrorCode::invalid, "the mail server does not speak POP3: " + decide::clean_line(*line), Retry::no});
}

Result<void> Pop3Session::lines(const Listener& listener, std::size_t longest) {
    std::size_t total = 0;
    while (true) {
        auto line = wire_.line(longest_line);
        if (!line) return give_up(std::move(line.error()));
        if (*line == ".") return {};
        total += line->size() + 2;
        if (total > longest)
            return give_up(
                {ErrorCode::full, "the mail server sends more than " + std::to_string(longest) + " bytes"});
        listener(line->starts_with('.') ? std::string_view(*line).substr(1) : std::string_view(*line));
    }
}

Result<void> Pop3Session::look() {
    if (looked_) return {};
    auto unique = command("UIDL");
    if (!unique) {
        if (broken_) return tl::unexpected(std::move(unique.error()));
        return fail(ErrorCode::invalid, "the mail server gives its letters no lasting names (UIDL)");
    }
    std::map<std::uint64_t, std::string> names;
    auto done = lines(
        [&](std::string_view line) {
            const auto one = numbered(line);
            if (!one || !is_unique_id(one->second)) return;
            std::string name(one->second);
            // of letters that the server cannot tell apart the first: the others come when it is gone
            if (places_.contains(name)) return;
            places_[name].number = one->first;
            order_.push_back(name);
            names[one->first] = std::move(name);
        },
        longest_listing);
    if (!done) return done;
    if (auto sizes = command("LIST"); !sizes) return tl::unexpected(std::move(sizes.error()));
    done = lines(
        [&](std::string_view line) {
            const std::string padded = std::string(line) + ' ';
            const auto one = numbered(padded);
            if (!one) return;
            const auto known = names.find(one->first);
            if (known == names.end()) return;
            const auto size = one->second.substr(0, one->second.find(' '));
            std::from_chars(size.data(), size.data() + size.size(), places_[known->second].size);
        },
        longest_listing);
    looked_ = done.has_value();
    return done;
}

Result<std::vector<access::Waiting>> Pop3Session::list(std::size_t most) {
    if (auto done = look(); !done) return tl::unexpected(std::move(done.error()));
    std::vector<access::Waiting> letters;
    for (const auto& name : order_) {
        // where finished ones stay, a bound would hide the new ones behind them
        if (letters.size() == most && after_ == MailboxServer::After::remove) break;
        letters.push_back({name, places_[name].size});
    }
    return letters;
}

Result<std::string> Pop3Session::fetch(const std::string& uid, std::size_t longest) {
    if (auto done = look(); !done) return tl::unexpected(std::move(done.error()));
    const auto place = places_.find(uid);
    if (place == places_.end())
        return fail(ErrorCode::not_found, "the letter is not in the mailbox any more");
    if (place->second.size > longest)
        return fail(ErrorCode::full, "the letter is longer than " + std::to_string(longest) + " bytes");
    if (auto begun = command("RETR " + std::to_string(place->second.number)); !begun)
        return tl::unexpected(std::move(begun.error()));
    std::string letter;
    auto done = lines([&](std::string_view line) { letter.append(line).append("\r\n"); }, longest);
    if (!done) return tl::unexpected(std::move(done.error()));
    return letter;
}

Result<void> Pop3Session::finish(const std::vector<std::string>& uids) {
    if (after_ != MailboxServer::After::remove) return {};
    if (auto done = look(); !done) return done;
    bool removed = false;
    for (const auto& uid : uids) {
        const auto place = places_.find(uid);
        if (place == places_.end()) continue;
        auto done = command("DELE " + std::to_string(place->second.number));
        if (!done) return tl::unexpected(std::move(done.error()));
        removed = true;
    }
    if (!removed) return {};
    auto done = command("QUIT");
    broken_ = true;  // it is over
    if (!done) return tl::unexpected(std::move(done.error()));
    return {};
}

void Pop3Session::log_out() {
    if (!broken_) (void)wire_.send("QUIT\r\n");
    broken_ = true;
}

}  // namespace garita::mailbox
