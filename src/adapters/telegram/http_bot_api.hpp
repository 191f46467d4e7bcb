#pragma once
// The Bot API over HTTPS. The token is only ever in the URL's path, and hidden wherever an error shows it.

#include <memory>

#include "adapters/telegram/bot_api.hpp"
#include "model/result.hpp"
#include "runtime/http/client.hpp"
#include "runtime/secret/secret.hpp"

namespace garita::telegram {

struct BotApiOptions {
    runtime::Secret token;
    std::string api_base = "https://api.telegram.org";  ///< without a slash at its end
    std::string proxy;                          ///< "http://host:3128", "socks5h://host:1080"; empty: none
    std::chrono::milliseconds timeout{15'000};  ///< of calls that do not wait
};

/// "123456:ABC…": digits not beginning with 0, a colon, [A-Za-z0-9_-]; at most 80 characters.
[[nodiscard]] Result<void> check_token(const runtime::Secret& token);

/// One connection, so one thread at a time; polling and sending each need their own.
class HttpBotApi final : public BotApi {
  public:
    /// The token must have passed check_token.
    explicit HttpBotApi(BotApiOptions options);

    Reply<std::vector<Update>> updates(std::int64_t offset, std::chrono::seconds wait) override;
    Reply<std::int64_t> send(const Place& place, const Text& text, const Keyboard& keyboard) override;
    Reply<std::int64_t> show(const Place& place, Media media, std::string_view what) override;
    Reply<void> edit(std::int64_t chat, std::int64_t message, const Text& text,
                     const Keyboard& keyboard) override;
    Reply<void> answer_press(std::string_view press, std::string_view text) override;
    Reply<void> remove(std::int64_t chat, std::int64_t message) override;
    Reply<void> delete_webhook() override;

    /// Ends the call under way and makes later ones fail. Any thread.
    void cancel() { client_.cancel(); }

  private:
    Reply<runtime::http::ClientResponse> call(std::string_view method, std::string_view body,
                                              std::chrono::milliseconds timeout);
    Reply<runtime::http::ClientResponse> call(std::string_view method, std::string_view body) {
        return call(method, body, options_.timeout);
    }
    BotApiOptions options_;
    runtime::http::Client client_;
};

}  // namespace garita::telegram
