#include "gdal_errors.hpp"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <gdal.h>

#include <algorithm>
#include <mutex>

namespace corebelt::layers {

struct GdalErrors::Messages {
    CPLErr severity = CE_None;
    std::string first;
};

namespace {

void CPL_STDCALL keep(CPLErr severity, CPLErrorNum /*number*/, const char* text) {
    auto* messages = static_cast<GdalErrors::Messages*>(CPLGetErrorHandlerUserData());
    if (messages == nullptr || severity <= messages->severity || severity == CE_Debug)
        return;
    try {
        messages->first = text != nullptr ? text : "";
        messages->severity = severity;
    } catch (...) {
        messages->severity = severity; // out of memory: the failure counts, its text is lost
    }
}

} // namespace

GdalErrors::GdalErrors() : messages_(std::make_unique<Messages>()) {
    CPLPushErrorHandlerEx(keep, messages_.get());
    CPLErrorReset();
}

GdalErrors::~GdalErrors() {
    CPLPopErrorHandler();
}

bool GdalErrors::failed() const {
    return messages_->severity >= CE_Failure;
}

std::string GdalErrors::reason(const std::string& otherwise) const {
    std::string text = messages_->first.empty() ? otherwise : messages_->first;
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return text;
}

void GdalErrors::forget() {
    *messages_ = {};
}

void register_drivers() {
    static std::once_flag once;
    std::call_once(once, [] {
        GDALAllRegister();
        // Arcs that drivers draw themselves (DXF bulges, circles, ellipses): the step that we take for other curves.
        if (CPLGetConfigOption("OGR_ARC_STEPSIZE", nullptr) == nullptr)
            CPLSetConfigOption("OGR_ARC_STEPSIZE", "0.1");
    });
}

} // namespace corebelt::layers
