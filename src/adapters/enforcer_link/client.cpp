#include "adapters/enforcer_link/client.hpp"

namespace garita::enforcer_link {

tl::unexpected<Error> Caller::give_up(const Error& error) {
    broken_ = error;
    channel_.close();
    if (lost_) lost_();
    return tl::unexpected(error);
}

Result<std::string> Caller::receive() {
    auto answer = channel_.receive();
    if (!answer) return give_up(answer.error());
    if (!*answer)
        return give_up({ErrorCode::unavailable, "the enforcing part of the agent has ended", Retry::later});
    return std::move(**answer);
}

Result<std::string> Caller::exchange(std::string_view request) {
    const std::lock_guard lock(mutex_);
    if (broken_) return tl::unexpected(*broken_);
    const auto sent = channel_.send(request);
    if (!sent && sent.error().code == ErrorCode::full)
        return tl::unexpected(sent.error());  // nothing was sent
    if (!sent) return give_up(sent.error());
    return receive();
}

Result<Ready> Caller::wait_until_ready() {
    const std::lock_guard lock(mutex_);
    const auto first = receive();
    if (!first) return tl::unexpected(first.error());
    return decode_answer<Ready>(*first);
}

void Caller::close() {
    const std::lock_guard lock(mutex_);
    if (!broken_) broken_ = Error{ErrorCode::unavailable, "the agent stops", Retry::no};
    channel_.close();
}

}  // namespace garita::enforcer_link
