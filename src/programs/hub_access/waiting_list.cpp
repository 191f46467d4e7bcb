#include "programs/hub_access/waiting_list.hpp"

namespace garita::programs {

Result<Duration> WaitingList::step(Time /*now*/) {
    syslog::MacSet macs;
    const auto looked = store_.read([&](store::View& view) -> Result<void> {
        // those whose code has not come back too: the device may be plugged in meanwhile
        for (const auto& request : book_.open_requests(view))
            macs.insert(request.mac);
        return {};
    });
    if (!looked) return tl::unexpected(looked.error());
    if (told_ != macs) {
        tell_(macs);
        told_ = std::move(macs);
    }
    return std::chrono::minutes{1};
}

}  // namespace garita::programs
