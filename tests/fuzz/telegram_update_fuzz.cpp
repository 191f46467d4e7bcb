// Whatever Telegram, or something in its place, answers: through the reader of updates, results and refusals,
// and what people type through the commands' grammar. Invariants: nothing throws, sizes are bounded, a
// refusal always says why, and what was read can be written again.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "adapters/telegram/chat_order.hpp"
#include "adapters/telegram/wire.hpp"

namespace {

namespace telegram = garita::telegram;
namespace wire = garita::telegram::wire;

void require(bool condition) {
    if (!condition) std::abort();
}

void check(const telegram::User& user) {
    require(user.name.size() <= 600 && user.username.size() <= 64 && user.language.size() <= 16);
}

void check(const telegram::Update& update) {
    if (const auto* press = std::get_if<telegram::Press>(&update.what)) {
        check(press->from);
        require(!press->id.empty() && press->id.size() <= 64 && press->data.size() <= 64);
        (void)wire::write_answer_press(press->id, press->data);
    } else if (const auto* message = std::get_if<telegram::TextMessage>(&update.what)) {
        if (message->from) check(*message->from);
        require(message->text.size() <= 16384);
        const auto command = telegram::parse_command(message->text);
        if (command) {
            require(!command->name.empty() && command->name.size() < 64);
            const auto span = telegram::block_span(command->span);
            if (const auto order = telegram::chat_order(*command); order && order->chat) {
                const auto again =
                    telegram::chat_order(*telegram::parse_command(telegram::tappable("ban", *order->chat)));
                require(again && again->glued && again->chat == order->chat);
            }
            require(!span || (span->count() > 0 && *span <= std::chrono::days{3650}));
        }
        const telegram::Place place{message->chat, message->thread};
        require(telegram::parse_place(telegram::to_text(place)) == place);
        (void)wire::write_send(place, {message->text, 1}, {{{message->text, "ticket"}}});
    } else if (const auto* membership = std::get_if<telegram::Membership>(&update.what)) {
        require(membership->title.size() <= 256);
    }
}

void check(const telegram::ApiError& error) {
    require(!error.text.empty() && error.text.size() <= 600);
    if (error.kind == telegram::ApiError::Kind::slow_down)
        require(error.retry_after >= std::chrono::seconds{1} && error.retry_after <= std::chrono::hours{1});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    const wire::Answer answer{200, body, body.substr(0, 5)};
    if (const auto updates = wire::read_updates(answer)) {
        for (const auto& update : *updates)
            check(update);
    } else {
        check(updates.error());
    }
    if (const auto sent = wire::read_sent(answer); !sent) check(sent.error());
    if (const auto done = wire::read_done(answer); !done) check(done.error());
    (void)telegram::parse_command(body);
    (void)telegram::block_span(body);
    return 0;
}
