#include "adapters/hub_link/wrong_codes.hpp"

#include "model/ip.hpp"

namespace garita::hub_link {
namespace {

constexpr unsigned one_ipv6_customer = 64;

std::string counted_as(const std::string& address) {
    const auto parsed = IpAddress::parse(address);
    if (!parsed || parsed->is_v4()) return address;
    return IpNetwork(*parsed, one_ipv6_customer).text();
}

}  // namespace

void WrongCodes::begin_minute(Time now) {
    if (now >= minute_ && now - minute_ < std::chrono::minutes(1)) return;
    minute_ = now;
    by_address_.clear();
    all_ = 0;
}

bool WrongCodes::may_try(const std::string& address, Time now) {
    const std::lock_guard lock(mutex_);
    begin_minute(now);
    const auto found = by_address_.find(counted_as(address));
    return all_ < most_in_all && (found == by_address_.end() || found->second < most_from_one);
}

void WrongCodes::count(const std::string& address, Time now) {
    const std::lock_guard lock(mutex_);
    begin_minute(now);
    ++by_address_[counted_as(address)];
    ++all_;
}

}  // namespace garita::hub_link
