/* gradus report: the page of a results folder.  */

#include "cli/command.h"
#include "harness/report/report.h"

static gradus_err act(gradus_call *call, gradus_exit *status, gradus_error *why) {
    (void)status;
    return gradus_report_folder(call->operands[0], why);
}

const gradus_command gradus_command_report = {
    .name = "report",
    .brief = "Write report.html and the figures of a results folder",
    .notes = "The page needs nothing beside it.  Figures are drawn by gnuplot (the "
             "environment variable GNUPLOT names another one than configure found); their "
             "data and scripts stay in figures/.  Without gnuplot the page has tables "
             "only.  A race that was interrupted can be reported too.",
    .operands = "DIR",
    .least_operands = 1,
    .most_operands = 1,
    .act = act,
};
