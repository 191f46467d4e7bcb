#include "adapters/syslog/receiver.hpp"

#include "adapters/syslog/loop.hpp"

namespace garita::syslog {

Result<std::unique_ptr<Receiver>> Receiver::start(const ReceiverSettings& settings, OnEvent on_event) {
    auto loop = std::make_unique<Loop>(settings, std::move(on_event));
    if (const auto opened = loop->open(); !opened) return tl::unexpected(opened.error());
    return std::unique_ptr<Receiver>(new Receiver(std::move(loop)));
}

Receiver::Receiver(std::unique_ptr<Loop> loop)
    : loop_(std::move(loop)), thread_([&running = *loop_] { running.run(); }) {}

Receiver::~Receiver() {
    loop_->stop();
    thread_.join();
}

void Receiver::wait_for(MacSet macs) {
    loop_->wait_for(std::move(macs));
}

ReceiverCounts Receiver::counts() const {
    const auto& now = loop_->counters;
    return {now.received.load(),    now.events.load(),  now.cut.load(),       now.lost_by_kernel.load(),
            now.connections.load(), now.refused.load(), now.displaced.load(), now.broken.load()};
}

std::vector<std::uint16_t> Receiver::ports() const {
    return loop_->ports;
}

}  // namespace garita::syslog
