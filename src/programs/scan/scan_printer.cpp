#include "programs/scan/scan_printer.hpp"

#include <fmt/core.h>

namespace garita::programs {

std::unique_ptr<ScanPrinter> scan_printer(ScanForm form) {
    switch (form) {
        case ScanForm::json:
            return json_printer();
        case ScanForm::grepable:
            return grepable_printer();
        case ScanForm::table:
            break;
    }
    return table_printer();
}

std::string_view first_line(std::string_view text) {
    return text.substr(0, text.find_first_of("\r\n"));
}

std::string rough_time(Duration span) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(span).count();
    if (seconds < 120) return fmt::format("{} s", seconds);
    if (seconds < 7200) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
    return fmt::format("{} h {} min", seconds / 3600, seconds / 60 % 60);
}

}  // namespace garita::programs
