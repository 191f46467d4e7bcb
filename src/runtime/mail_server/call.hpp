#pragma once
// libcurl's handle for one conversation with a mail server.

#include <array>
#include <memory>
#include <stdexcept>
#include <string>

#include <curl/curl.h>

#include "runtime/mail_server/mail_server.hpp"

namespace garita::runtime {

class MailCall {
  public:
    /// Says who the server is, how long it may take, and that TLS is verified by its pin or its authorities.
    explicit MailCall(const MailServer& server);
    MailCall(const MailCall&) = delete;
    MailCall& operator=(const MailCall&) = delete;
    ~MailCall() = default;

    template <typename Value>
    void set(CURLoption option, Value value) {
        if (curl_easy_setopt(easy_.get(), option, value) != CURLE_OK)
            throw std::logic_error("libcurl does not know an option of mail");
    }
    void login(const MailServer& server);

    [[nodiscard]] CURL* easy() const { return easy_.get(); }
    /// What went wrong, as precisely as libcurl can say it.
    [[nodiscard]] std::string why(CURLcode code) const;

  private:
    struct End {
        void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
    };
    void limits(const MailServer& server);
    void secure(const MailServer& server);

    std::array<char, CURL_ERROR_SIZE> error_{};
    std::unique_ptr<CURL, End> easy_;  // goes first
};

}  // namespace garita::runtime
