#include "adapters/ipfw/pipes.hpp"

#include "adapters/ipfw/words.hpp"

namespace garita::ipfw {

Result<void> Pipes::read() {
    by_rate_.clear();
    by_number_.clear();
    known_ = Known::no;
    const auto read = program_.lines(list_pipes(settings_), [&](std::string_view line) {
        const auto pipe = parse_pipe(line);
        if (!pipe || pipe->first < settings_.first_pipe ||
            pipe->first - settings_.first_pipe >= settings_.pipes)
            return;
        by_rate_.emplace(pipe->second.bits_per_second, pipe->first);
        by_number_[pipe->first] = pipe->second.bits_per_second;
    });
    if (read) known_ = Known::yes;
    return read;
}

Result<std::uint32_t> Pipes::with(const BitRate& rate) {
    if (known_ == Known::no)
        if (auto done = read(); !done) return tl::unexpected(done.error());
    if (const auto found = by_rate_.find(rate.bits_per_second); found != by_rate_.end()) return found->second;
    if (!told_exactly(rate))
        return fail(ErrorCode::invalid,
                    rate.text() + " is finer than ipfw tells its pipes: use a rounder rate");
    std::uint32_t pipe = settings_.first_pipe;
    while (by_number_.contains(pipe))
        ++pipe;
    if (pipe - settings_.first_pipe >= settings_.pipes)
        return fail(ErrorCode::full,
                    "all " + std::to_string(settings_.pipes) +
                        " pipes have other rates; use fewer different rates, or give more pipes");
    // One process each: several such lines in one input were seen to hang.
    if (auto made = program_.expect(configure_pipe(settings_, static_cast<std::uint16_t>(pipe), rate)); !made)
        return tl::unexpected(made.error());
    by_rate_[rate.bits_per_second] = static_cast<std::uint16_t>(pipe);
    by_number_[pipe] = rate.bits_per_second;
    return pipe;
}

std::optional<BitRate> Pipes::rate_of(std::uint32_t pipe) const {
    const auto found = by_number_.find(pipe);
    return found == by_number_.end() ? std::nullopt : std::optional(BitRate{found->second});
}

Result<void> Pipes::remove_all() {
    if (auto done = read(); !done) return done;
    for (const auto& [pipe, rate] : by_number_)
        if (auto gone = program_.expect(delete_pipe(settings_, static_cast<std::uint16_t>(pipe)), no_pipe);
            !gone)
            return gone;
    return read();
}

}  // namespace garita::ipfw
