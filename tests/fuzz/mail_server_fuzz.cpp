// What IMAP and POP3 servers say. Invariants: names of letters can be asked for again, no letter is longer
// than was allowed, and every dialogue ends.

#include <algorithm>
#include <string>

#include "adapters/mailbox/imap_answer.hpp"
#include "adapters/mailbox/imap_session.hpp"
#include "adapters/mailbox/pop3_session.hpp"
#include "target.hpp"

namespace {

using namespace garita;
using fuzz::must;

/// A server that has already said all that it will say.
class Recording final : public mailbox::Wire {
  public:
    explicit Recording(std::string_view text) : rest_(text) {}
    Result<void> send(std::string_view text) override {
        must(text.ends_with("\r\n") && text.size() < 4096);
        must(text.substr(0, text.size() - 2).find_first_of("\r\n") == std::string_view::npos);
        return {};
    }
    Result<std::string> line(std::size_t longest) override {
        const auto end = rest_.find('\n');
        if (end == std::string_view::npos || end > longest) return fail(ErrorCode::unavailable, "over");
        std::string line(rest_.substr(0, end));
        rest_.remove_prefix(end + 1);
        if (line.ends_with('\r')) line.pop_back();
        return line;
    }
    Result<std::string> bytes(std::size_t count) override {
        if (rest_.size() < count) return fail(ErrorCode::unavailable, "over");
        std::string bytes(rest_.substr(0, count));
        rest_.remove_prefix(count);
        return bytes;
    }
    Result<Heard> listen(std::chrono::milliseconds) override {
        return rest_.empty() ? Heard::nothing : Heard::something;
    }

  private:
    std::string_view rest_;
};

constexpr std::size_t longest = 1000;

template <typename Session>
std::vector<std::string> talk(Session& session) {
    std::vector<std::string> uids;
    if (const auto letters = session.list(20)) {
        for (const auto& one : *letters)
            uids.push_back(one.uid);
    }
    for (const auto& uid : uids)
        if (const auto letter = session.fetch(uid, longest)) must(letter->size() <= longest + 2);
    (void)session.finish(uids);
    return uids;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    for (const auto after : {mailbox::MailboxServer::After::mark, mailbox::MailboxServer::After::remove}) {
        Recording imap_server(text);
        mailbox::ImapSession imap(imap_server, "INBOX", after);
        for (const auto& uid : talk(imap)) {
            const auto read = mailbox::parse_imap_uid(uid);
            must(read && mailbox::to_text(*read) == uid);
        }
        (void)imap.idle(std::chrono::milliseconds{10});
        Recording pop3_server(text);
        mailbox::Pop3Session pop3(pop3_server, after);
        for (const auto& uid : talk(pop3))
            must(!uid.empty() && uid.size() <= 70 && fuzz::printable(uid));
    }
    return 0;
}
