#include "decide/auto_brake.hpp"

namespace garita::decide {

AutoBrake::Verdict AutoBrake::ask(Time now) {
    if (stopped_until_ && now < *stopped_until_) return Verdict::stop;
    stopped_until_.reset();
    if (!minute_began_ || now < *minute_began_ || now >= *minute_began_ + std::chrono::minutes{1}) {
        minute_began_ = now;
        given_ = 0;
    }
    if (given_ < per_minute_) {
        ++given_;
        return Verdict::go;
    }
    stopped_until_ = now + pause_;
    return Verdict::stop_now;
}

}  // namespace garita::decide
