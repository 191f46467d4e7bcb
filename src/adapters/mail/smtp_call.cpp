#include "adapters/mail/smtp_call.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <new>
#include <unistd.h>
#include <utility>

#include <curl/curl.h>

#include "adapters/mail/smtp_dialogue.hpp"
#include "runtime/mail_server/call.hpp"

namespace garita::mail {

namespace {

struct ListEnd {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

/// What libcurl's callbacks see.
struct Call {
    SmtpDialogue dialogue;
    std::string_view left;  ///< of the letter
    const std::atomic<bool>& cancelled;
    LetIn let_in;  ///< nothing: it was called, or nobody asks
};

std::size_t give_text(char* to, std::size_t size, std::size_t count, void* self) {
    auto& call = *static_cast<Call*>(self);
    const auto part = std::min(size * count, call.left.size());
    std::memcpy(to, call.left.data(), part);
    call.left.remove_prefix(part);
    if (part == 0) call.dialogue.sent_text();
    return part;
}

std::size_t take_line(const char* data, std::size_t, std::size_t size, void* self) {
    static_cast<Call*>(self)->dialogue.answered({data, size});
    return size;
}

std::size_t drop(const char*, std::size_t size, std::size_t count, void*) {
    return size * count;
}

/// Nothing of it is printed: only the commands' names are looked at.
int note_command(CURL*, curl_infotype type, char* data, std::size_t size, void* self) {
    auto& call = *static_cast<Call*>(self);
    if (type == CURLINFO_HEADER_OUT) call.dialogue.sent({data, size});
    if (call.let_in && call.dialogue.is_let_in()) std::exchange(call.let_in, {})();
    return 0;
}

int look_for_cancel(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Call*>(self)->cancelled ? 1 : 0;
}

/// How we call ourselves: a whole name, as servers want it.
std::string own_name(const Server& server) {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) == 0 && std::strchr(name.data(), '.') != nullptr)
        return name.data();
    return server.from.substr(server.from.find('@') + 1);
}

class Transfer {
  public:
    Transfer(const Server& server, const Outgoing& letter, const std::atomic<bool>& cancelled, LetIn let_in)
        : server_(server),
          call_{SmtpDialogue(!server.user.empty()), letter.mime, cancelled, std::move(let_in)},
          to_(curl_slist_append(nullptr, ('<' + letter.to + '>').c_str())),
          curl_(server) {
        if (!to_) throw std::bad_alloc();
        address();
        listeners();
        if (!server.user.empty()) curl_.login(server);
    }

    Delivery perform() {
        const auto code = curl_easy_perform(curl_.easy());
        const std::string why = call_.cancelled ? "stopped" : curl_.why(code);
        return call_.dialogue.ended(code == CURLE_OK, why, name_of(server_));
    }

  private:
    void address() {
        const bool implicit = server_.security == Server::Security::tls;
        const auto url =
            std::string(implicit ? "smtps://" : "smtp://") + name_of(server_) + '/' + own_name(server_);
        curl_.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        curl_.set(CURLOPT_URL, url.c_str());
        curl_.set(CURLOPT_MAIL_FROM, ('<' + server_.from + '>').c_str());
        curl_.set(CURLOPT_MAIL_RCPT, to_.get());
        curl_.set(CURLOPT_UPLOAD, 1L);
        curl_.set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(call_.left.size()));
        curl_.set(CURLOPT_FORBID_REUSE, 1L);
    }

    void listeners() {
        curl_.set(CURLOPT_READFUNCTION, give_text);
        curl_.set(CURLOPT_READDATA, &call_);
        curl_.set(CURLOPT_HEADERFUNCTION, take_line);
        curl_.set(CURLOPT_HEADERDATA, &call_);
        curl_.set(CURLOPT_WRITEFUNCTION, drop);
        curl_.set(CURLOPT_DEBUGFUNCTION, note_command);
        curl_.set(CURLOPT_DEBUGDATA, &call_);
        curl_.set(CURLOPT_VERBOSE, 1L);
        curl_.set(CURLOPT_XFERINFOFUNCTION, look_for_cancel);
        curl_.set(CURLOPT_XFERINFODATA, &call_);
        curl_.set(CURLOPT_NOPROGRESS, 0L);
    }

    const Server& server_;
    Call call_;
    std::unique_ptr<curl_slist, ListEnd> to_;
    runtime::MailCall curl_;  // goes first
};

}  // namespace

Delivery deliver(const Server& server, const Outgoing& letter, const std::atomic<bool>& cancelled,
                 const LetIn& let_in) {
    Transfer transfer(server, letter, cancelled, let_in);
    auto delivery = transfer.perform();
    delivery.ticket = letter.ticket;
    return delivery;
}

}  // namespace garita::mail
