/* Learning-rate schedules.  */

#include "first_order/schedule.h"

#include "core/settings.h"

#include <math.h>

enum { CONSTANT, STEP, EXPONENTIAL, INVERSE, LINEAR, PLATEAU, RESTARTS, SCHEDULES };
enum { UPDATE, EPOCH };

static const char *const names[SCHEDULES] = {
    "constant", "step", "exponential", "inverse", "linear", "plateau", "restarts"};

/* What each schedule reads, and its default; NaN: does not read it.  */
#define NO NAN
static const struct {
    double every, factor, decay, length, floor, multiplier, patience;
} defaults[SCHEDULES] = {
    [CONSTANT] = {NO, NO, NO, NO, NO, NO, NO},
    [STEP] = {10, 0.5, NO, NO, NO, NO, NO},
    [EXPONENTIAL] = {NO, NO, 0.01, NO, NO, NO, NO},
    [INVERSE] = {NO, NO, 0.01, NO, NO, NO, NO},
    [LINEAR] = {NO, NO, NO, 1000, 0.01, NO, NO},
    [PLATEAU] = {1, 0.5, NO, NO, NO, NO, 1},
    [RESTARTS] = {NO, NO, NO, 100, 0, 2, NO},
};
#undef NO

gradus_err gradus_schedule_check(const gradus_schedule_params *p, gradus_error *why) {
    const struct {
        const char *name;
        bool given;
        double initial;
    } keys[] = {
        {"every", gradus_real_given(p->schedule_every), defaults[p->schedule].every},
        {"factor", gradus_real_given(p->schedule_factor), defaults[p->schedule].factor},
        {"decay", gradus_real_given(p->schedule_decay), defaults[p->schedule].decay},
        {"length", gradus_real_given(p->schedule_length), defaults[p->schedule].length},
        {"floor", gradus_real_given(p->schedule_floor), defaults[p->schedule].floor},
        {"multiplier", gradus_real_given(p->schedule_multiplier),
         defaults[p->schedule].multiplier},
        {"patience", gradus_integer_given(p->schedule_patience),
         defaults[p->schedule].patience},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].given && isnan(keys[i].initial))
            return gradus_fail(why, GRADUS_EINPUT, "schedule=%s does not read schedule_%s",
                               names[p->schedule], keys[i].name);
    if (p->schedule == CONSTANT && p->schedule_unit == EPOCH)
        return gradus_fail(why, GRADUS_EINPUT,
                           "schedule=constant does not read schedule_unit");
    return GRADUS_OK;
}

static double either(double given, double initial) {
    return gradus_real_given(given) ? given : initial;
}

gradus_err gradus_schedule_open(gradus_schedule *schedule,
                                const gradus_schedule_params *params,
                                const gradus_oracle *oracle, gradus_state *state,
                                gradus_error *why) {
    *schedule = (gradus_schedule){.p = *params, .scale = 1.0, .best = INFINITY};
    gradus_schedule_params *p = &schedule->p;
    long kind = p->schedule;
    p->schedule_every = either(p->schedule_every, defaults[kind].every);
    p->schedule_factor = either(p->schedule_factor, defaults[kind].factor);
    p->schedule_decay = either(p->schedule_decay, defaults[kind].decay);
    p->schedule_length = either(p->schedule_length, defaults[kind].length);
    p->schedule_floor = either(p->schedule_floor, defaults[kind].floor);
    p->schedule_multiplier = either(p->schedule_multiplier, defaults[kind].multiplier);
    if (kind != PLATEAU)
        return GRADUS_OK;
    if (!gradus_integer_given(p->schedule_patience))
        p->schedule_patience = (long)defaults[kind].patience;
    gradus_state_keep_real(state, "schedule_scale", &schedule->scale);
    gradus_state_keep_real(state, "schedule_best", &schedule->best);
    gradus_state_keep_real(state, "schedule_next_look", &schedule->next_look);
    gradus_state_keep_size(state, "schedule_waited", &schedule->waited);
    gradus_state_carry(state, &schedule->scale);
    gradus_state_carry(state, &schedule->best);
    gradus_state_carry(state, &schedule->next_look);
    gradus_state_carry(state, &schedule->waited);
    if (gradus_oracle_validation_examples(oracle) == 0)
        return gradus_fail(why, GRADUS_EINPUT,
                           "schedule=plateau needs validation data; give the problem "
                           "validation=FRACTION or a file");
    return GRADUS_OK;
}

/* The time since the last restart, as a share of the period that T is in.  Period n begins at
   length (1 + m + ... + m^(n-1)), m the multiplier.  There are millions of periods when m is
   near 1, so n is found bit by bit, from sums of 1, 2, 4, ... terms.  */
static double share_of_period(const gradus_schedule_params *p, double t) {
    enum { BITS = 64 };
    double sum[BITS] = {1.0}, power[BITS] = {p->schedule_multiplier};
    double begin = 0.0, period = p->schedule_length;
    if (p->schedule_multiplier == 1.0)
        return fmod(t, period) / period;
    int k = 0;
    for (; k + 1 < BITS && period * sum[k] <= t; k++) {
        sum[k + 1] = sum[k] * (1.0 + power[k]);
        power[k + 1] = power[k] * power[k];
    }
    for (; k >= 0; k--) {
        double next = begin + period * sum[k];
        if (!(next <= t))
            continue;
        begin = next;
        period *= power[k];
    }
    return (t - begin) / period;
}

static double cosine(const gradus_schedule_params *p, double t) {
    const double pi = 3.14159265358979323846;
    return p->schedule_floor +
           (1.0 - p->schedule_floor) * 0.5 * (1.0 + cos(pi * share_of_period(p, t)));
}

double gradus_schedule_factor(const gradus_schedule_params *p, double t) {
    switch (p->schedule) {
    case STEP:
        return pow(p->schedule_factor, floor(t / p->schedule_every));
    case EXPONENTIAL:
        return exp(-p->schedule_decay * t);
    case INVERSE:
        return 1.0 / (1.0 + p->schedule_decay * t);
    case LINEAR:
        return fmax(p->schedule_floor,
                    1.0 - (1.0 - p->schedule_floor) * t / p->schedule_length);
    case RESTARTS:
        return cosine(p, t);
    default:
        return 1.0;
    }
}

static gradus_err look(gradus_schedule *schedule, gradus_oracle *oracle, const double x[]) {
    double value;
    gradus_err err = gradus_oracle_validation(oracle, x, &value);
    if (err)
        return err;
    if (value < schedule->best) {
        schedule->best = value;
        schedule->waited = 0;
    } else if (++schedule->waited >= (size_t)schedule->p.schedule_patience) {
        schedule->scale *= schedule->p.schedule_factor;
        schedule->waited = 0;
    }
    return GRADUS_OK;
}

gradus_err gradus_schedule_rate(gradus_schedule *schedule, gradus_oracle *oracle,
                                size_t updates, const double x[], double *factor) {
    const gradus_schedule_params *p = &schedule->p;
    double t = p->schedule_unit == EPOCH ? gradus_oracle_epoch(oracle) : (double)updates;
    gradus_err err = GRADUS_OK;
    if (p->schedule == PLATEAU && t >= schedule->next_look) {
        err = look(schedule, oracle, x);
        schedule->next_look = (floor(t / p->schedule_every) + 1.0) * p->schedule_every;
    }
    *factor = p->schedule == PLATEAU ? schedule->scale : gradus_schedule_factor(p, t);
    return err;
}
