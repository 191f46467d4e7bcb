#pragma once
// Host control behind this host's own ceiling.

#include "enforce/ceiling.hpp"
#include "enforce/host_control.hpp"

namespace garita::enforce {

class GuardedHost final : public HostControl {
  public:
    /// The host outlives it.
    GuardedHost(HostControl& host, Ceiling ceiling) : host_(host), ceiling_(std::move(ceiling)) {}

    Result<SessionClosed> close_session(const CloseSession& session) override {
        if (auto why = ceiling_.refuses(Response::close_connection))
            return fail(ErrorCode::forbidden, std::move(*why));
        return host_.close_session(session);
    }
    Result<void> reboot() override {
        if (auto why = ceiling_.refuses(Response::reboot)) return fail(ErrorCode::forbidden, std::move(*why));
        return host_.reboot();
    }
    Result<void> power_off() override {
        if (auto why = ceiling_.refuses(Response::power_off))
            return fail(ErrorCode::forbidden, std::move(*why));
        return host_.power_off();
    }

  private:
    HostControl& host_;
    Ceiling ceiling_;
};

}  // namespace garita::enforce
