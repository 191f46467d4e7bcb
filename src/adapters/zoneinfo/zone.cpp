#include "adapters/zoneinfo/zone.hpp"

#include <cstdio>
#include <cstdlib>
#include <date/tz.h>
#include <exception>

namespace garita::zoneinfo {

namespace {

class SystemZone final : public decide::TimeZone {
  public:
    explicit SystemZone(const date::time_zone* zone) : zone_(zone) {}

    [[nodiscard]] std::string date_and_time(Time at) const override {
        const auto second = std::chrono::floor<std::chrono::seconds>(at);
        const auto local = second + zone_->get_info(second).offset;
        const auto day = std::chrono::floor<std::chrono::days>(local);
        const std::chrono::year_month_day date(day);
        const std::chrono::hh_mm_ss clock(local - day);
        char text[64];
        std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d:%02d", static_cast<int>(date.year()),
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                      static_cast<int>(clock.seconds().count()));
        return text;
    }

    [[nodiscard]] std::string abbreviation(Time at) const override {
        return zone_->get_info(std::chrono::floor<std::chrono::seconds>(at)).abbrev;
    }

  private:
    const date::time_zone* zone_;  ///< owned by the library for the life of the program
};

}  // namespace

Result<std::shared_ptr<const decide::TimeZone>> find_zone(std::string_view name) {
    try {
        const date::time_zone* zone = date::locate_zone(std::string(name));
        // the file is read at the first question: a damaged one is to be found now
        (void)zone->get_info(std::chrono::sys_seconds{});
        return std::make_shared<SystemZone>(zone);
    } catch (const std::exception& e) {
        return fail(ErrorCode::not_found, "time zone \"" + std::string(name) +
                                              "\" is not known on this system (" + e.what() +
                                              "); names look like Europe/Madrid");
    }
}

std::shared_ptr<const decide::TimeZone> local_zone() {
    if (const char* const named = std::getenv("TZ"); named != nullptr && *named != '\0')
        if (const auto zone = find_zone(*named == ':' ? named + 1 : named)) return *zone;
    try {
        return std::make_shared<SystemZone>(date::current_zone());
    } catch (const std::exception&) {
        return std::make_shared<SystemZone>(date::locate_zone("UTC"));
    }
}

}  // namespace garita::zoneinfo
