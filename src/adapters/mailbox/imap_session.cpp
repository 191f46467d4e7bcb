#include "adapters/mailbox/imap_session.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "adapters/mailbox/imap_answer.hpp"
#include "decide/foreign_text.hpp"

namespace garita::mailbox {

namespace {

constexpr std::size_t longest_line = std::size_t{1} << 20U;  // a search may find very many letters
constexpr std::size_t most_answers = 200'000;
constexpr std::size_t at_once = 100;  ///< letters named in one command
constexpr std::string_view keyword = "GaritaDone";

std::string quoted_name(std::string_view name) {
    std::string out = "\"";
    for (const char c : name) {
        if (c == '"' || c == '\\') out += '\\';
        if (c >= ' ' && c < '\x7f') out += c;
    }
    return out + '"';
}

std::string joined(const std::vector<std::uint32_t>& uids) {
    std::string out;
    for (const auto uid : uids)
        out += (out.empty() ? "" : ",") + std::to_string(uid);
    return out;
}

void ignore(const auto&) {}

}  // namespace

tl::unexpected<Error> ImapSession::give_up(Error error) {
    broken_ = true;
    return tl::unexpected<Error>(std::move(error));
}

Result<ImapSession::Answer> ImapSession::answer(std::size_t longest_literal) {
    Answer answer;
    while (true) {
        auto line = wire_.line(longest_line);
        if (!line) return give_up(std::move(line.error()));
        answer.line += *line;
        if (answer.line.size() > longest_line)
            return give_up({ErrorCode::invalid, "the mail server's answer has no end", Retry::later});
        const auto size = literal_size(*line);
        if (!size) return answer;
        if (*size > longest_literal)
            return give_up({ErrorCode::full, "the mail server sends " + std::to_string(*size) +
                                                 " bytes at once, more than " +
                                                 std::to_string(longest_literal)});
        auto bytes = wire_.bytes(static_cast<std::size_t>(*size));
        if (!bytes) return give_up(std::move(bytes.error()));
        if (bytes->size() > answer.literal.size()) answer.literal = std::move(*bytes);
    }
}

Result<void> ImapSession::until_done(const std::string& tag, const Listener& listener,
                                     std::size_t longest_literal) {
    for (std::size_t i = 0; i < most_answers; ++i) {
        auto heard = answer(longest_literal);
        if (!heard) return tl::unexpected(std::move(heard.error()));
        const std::string_view line = heard->line;
        if (line.starts_with(tag + ' ')) {
            const auto rest = line.substr(tag.size() + 1);
            if (has_word(rest.substr(0, 3), "OK")) return {};
            return fail(ErrorCode::unavailable, "the mail server refused: " + decide::clean_line(rest),
                        Retry::later);
        }
        if (line.starts_with("* BYE"))
            return give_up({ErrorCode::unavailable, "the mail server closed: " + decide::clean_line(line),
                            Retry::later});
        if (is_exists(line)) news_ = true;
        if (line.starts_with("* ")) listener(*heard);
    }
    return give_up({ErrorCode::invalid, "the mail server's answer has no end", Retry::later});
}

Result<void> ImapSession::command(const std::string& text, const Listener& listener,
                                  std::size_t longest_literal) {
    const auto tag = next_tag();
    if (auto sent = wire_.send(tag + ' ' + text + "\r\n"); !sent) return give_up(std::move(sent.error()));
    return until_done(tag, listener, longest_literal);
}

Result<void> ImapSession::ask_capabilities() {
    if (asked_) return {};
    auto done = command("CAPABILITY", [this](const Answer& heard) {
        if (!heard.line.starts_with("* CAPABILITY")) return;
        can_idle_ = has_word(heard.line, "IDLE");
        can_expunge_one_ = has_word(heard.line, "UIDPLUS");
    });
    asked_ = done.has_value();
    return done;
}

Result<void> ImapSession::select() {
    if (auto asked = ask_capabilities(); !asked) return asked;
    std::optional<std::uint64_t> validity;
    takes_keywords_ = false;
    selected_ = false;
    auto done = command("SELECT " + quoted_name(folder_), [&](const Answer& heard) {
        if (const auto number = number_after(heard.line, "UIDVALIDITY")) validity = number;
        if (allows_keywords(heard.line)) takes_keywords_ = true;
    });
    news_ = false;
    if (!done) return done;
    if (!validity || *validity > 0xFFFFFFFF)
        return give_up(
            {ErrorCode::invalid, "the mail server gives its letters no lasting numbers", Retry::no});
    validity_ = static_cast<std::uint32_t>(*validity);
    selected_ = true;
    return {};
}

Result<void> ImapSession::opened() {
    return selected_ ? Result<void>() : select();
}

Result<std::vector<access::Waiting>> ImapSession::list(std::size_t most) {
    if (auto done = select(); !done) return tl::unexpected(std::move(done.error()));
    std::vector<std::uint32_t> uids;
    const std::string wanted = takes_keywords_ ? "UNKEYWORD " + std::string(keyword) : "UNSEEN";
    auto done = command("UID SEARCH UNDELETED " + wanted, [&](const Answer& heard) {
        const auto found = search_results(heard.line);
        if (uids.size() < most_answers) uids.insert(uids.end(), found.begin(), found.end());
    });
    if (!done) return tl::unexpected(std::move(done.error()));
    std::sort(uids.begin(), uids.end());
    uids.erase(std::unique(uids.begin(), uids.end()), uids.end());
    if (uids.size() > most) uids.resize(most);
    return sizes(uids);
}

Result<std::vector<access::Waiting>> ImapSession::sizes(const std::vector<std::uint32_t>& uids) {
    std::map<std::uint32_t, std::uint64_t> known;
    for (std::size_t i = 0; i < uids.size(); i += at_once) {
        const auto from = uids.begin() + static_cast<std::ptrdiff_t>(i);
        const auto to = from + static_cast<std::ptrdiff_t>(std::min(at_once, uids.size() - i));
        const std::vector<std::uint32_t> some(from, to);
        auto done = command("UID FETCH " + joined(some) + " (UID RFC822.SIZE)", [&](const Answer& heard) {
            if (!is_fetch(heard.line)) return;
            const auto uid = number_after(heard.line, "UID");
            const auto size = number_after(heard.line, "RFC822.SIZE");
            if (uid && size && std::binary_search(some.begin(), some.end(), *uid))
                known.emplace(static_cast<std::uint32_t>(*uid), *size);
        });
        if (!done) return tl::unexpected(std::move(done.error()));
    }
    std::vector<access::Waiting> letters;
    for (const auto& [uid, size] : known)
        letters.push_back({to_text(ImapUid{validity_, uid}), size});
    return letters;
}

Result<std::string> ImapSession::fetch(const std::string& uid, std::size_t longest) {
    if (auto done = opened(); !done) return tl::unexpected(std::move(done.error()));
    const auto wanted = parse_imap_uid(uid);
    if (!wanted || wanted->validity != validity_)
        return fail(ErrorCode::not_found, "the mailbox was made anew since the letter was listed");
    std::optional<std::string> letter;
    auto done = command(
        "UID FETCH " + std::to_string(wanted->uid) + " (UID BODY.PEEK[]<0." + std::to_string(longest + 1) +
            ">)",
        [&](Answer& heard) {
            if (is_fetch(heard.line) && number_after(heard.line, "UID") == wanted->uid &&
                heard.line.find('{') != std::string::npos)
                letter = std::move(heard.literal);
        },
        longest + 1);
    if (!done) return tl::unexpected(std::move(done.error()));
    if (!letter) return fail(ErrorCode::not_found, "the letter is not in the mailbox any more");
    if (letter->size() > longest)
        return fail(ErrorCode::full, "the letter is longer than " + std::to_string(longest) + " bytes");
    return std::move(*letter);
}

Result<void> ImapSession::finish(const std::vector<std::string>& uids) {
    if (auto done = opened(); !done) return done;
    std::vector<std::uint32_t> some;
    const bool removes = after_ == MailboxServer::After::remove;
    const std::string flag = removes ? "\\Deleted" : takes_keywords_ ? std::string(keyword) : "\\Seen";
    for (std::size_t i = 0; i < uids.size(); ++i) {
        const auto uid = parse_imap_uid(uids[i]);
        if (uid && uid->validity == validity_) some.push_back(uid->uid);
        if (some.empty() || (some.size() < at_once && i + 1 < uids.size())) continue;
        auto done = command("UID STORE " + joined(some) + " +FLAGS.SILENT (" + flag + ')', ignore<Answer>);
        // without UIDPLUS an expunge would take what others have marked: ours are left out of lists as marked
        if (done && removes && can_expunge_one_)
            done = command("UID EXPUNGE " + joined(some), ignore<Answer>);
        if (!done) return done;
        some.clear();
    }
    return {};
}

Result<bool> ImapSession::idle(std::chrono::milliseconds longest) {
    if (auto done = opened(); !done) return tl::unexpected(std::move(done.error()));
    if (news_) return true;
    if (!can_idle_) return false;
    const auto tag = next_tag();
    if (auto sent = wire_.send(tag + " IDLE\r\n"); !sent) return give_up(std::move(sent.error()));
    auto done = idle_until_news(tag, longest);
    if (!done) return tl::unexpected(std::move(done.error()));
    return true;
}

Result<void> ImapSession::idle_until_news(const std::string& tag, std::chrono::milliseconds longest) {
    const auto until = std::chrono::steady_clock::now() + longest;
    bool begun = false;
    while (!(begun && news_)) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        if (begun && left.count() <= 0) break;
        if (begun) {
            const auto heard = wire_.listen(left);
            if (!heard) return give_up(heard.error());
            if (*heard == Wire::Heard::nothing) break;
        }
        auto line = answer(4096);
        if (!line) return tl::unexpected(std::move(line.error()));
        if (line->line.starts_with('+')) begun = true;
        if (line->line.starts_with(tag + ' ') || line->line.starts_with("* BYE"))
            return give_up({ErrorCode::unavailable,
                            "the mail server does not wait with us: " + decide::clean_line(line->line),
                            Retry::later});
        if (is_exists(line->line)) news_ = true;
    }
    if (auto sent = wire_.send("DONE\r\n"); !sent) return give_up(std::move(sent.error()));
    return until_done(tag, ignore<Answer>, 4096);
}

void ImapSession::log_out() {
    if (!broken_) (void)wire_.send(next_tag() + " LOGOUT\r\n");
    broken_ = true;
}

}  // namespace garita::mailbox
