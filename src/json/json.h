/* Jansson's own header, under the names that it has here. */
#ifndef WIO_JSON_H
#define WIO_JSON_H

#include "names.h"

#include "../wasyncio.h"
#include "jansson/jansson.h"

/* An allocation has failed since it was set to false: Jansson does not always say so. */
extern bool wio__json_no_memory;

#endif
