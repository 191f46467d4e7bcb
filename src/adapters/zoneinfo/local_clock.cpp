#include "adapters/zoneinfo/local_clock.hpp"

#include <date/tz.h>
#include <exception>

#include "adapters/zoneinfo/zone.hpp"

namespace garita::zoneinfo {
namespace {

class ZoneClock final : public access::LocalClock {
  public:
    explicit ZoneClock(const date::time_zone* zone) : zone_(zone) {}
    [[nodiscard]] std::chrono::seconds offset(Time at) const override {
        return zone_->get_info(std::chrono::floor<std::chrono::seconds>(at)).offset;
    }

  private:
    const date::time_zone* zone_;  ///< owned by the library for the life of the program
};

}  // namespace

Result<std::shared_ptr<const access::LocalClock>> find_clock(std::string_view name) {
    if (const auto known = find_zone(name); !known) return tl::unexpected(known.error());
    try {
        return std::make_shared<ZoneClock>(date::locate_zone(std::string(name)));
    } catch (const std::exception& e) {
        return fail(ErrorCode::not_found, "time zone \"" + std::string(name) + "\": " + e.what());
    }
}

}  // namespace garita::zoneinfo
