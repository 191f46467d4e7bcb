#include "programs/cli/qr_code.hpp"

#include <memory>
#include <qrencode.h>

namespace garita::programs {
namespace {

constexpr int border = 2;  // light modules around the code, without which many readers find nothing

struct FreeCode {
    void operator()(QRcode* code) const { QRcode_free(code); }
};

}  // namespace

std::string qr_code(const std::string& text) {
    const std::unique_ptr<QRcode, FreeCode> code(
        QRcode_encodeString(text.c_str(), 0, QR_ECLEVEL_L, QR_MODE_8, 1));
    if (!code) return {};
    const auto dark = [&](int row, int column) {
        const int width = code->width;
        return row >= 0 && column >= 0 && row < width && column < width &&
               (code->data[row * width + column] & 1U) != 0;
    };
    std::string drawn;
    for (int row = -border; row < code->width + border; row += 2) {
        drawn += "\x1b[30;107m";  // black on white
        for (int column = -border; column < code->width + border; ++column) {
            const bool upper = dark(row, column);
            const bool lower = dark(row + 1, column);
            drawn += upper && lower ? "\u2588" : upper ? "\u2580" : lower ? "\u2584" : " ";
        }
        drawn += "\x1b[0m\n";
    }
    return drawn;
}

}  // namespace garita::programs
