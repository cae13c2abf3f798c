package template

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// Schedule is what calls a function again and again.
type Schedule struct {
	ID     string        // logical id, or that of the function and the event's name
	Every  time.Duration // from one call to the next
	Minute time.Duration // after the full hour, for what is called every hour by cron
	Target Target
	Input  string // JSON that the function gets; empty: an event of Scheduler's own
}

// scheduleProperties are those of AWS::Scheduler::Schedule and of an event of type ScheduleV2, which are nearly the same.
type scheduleProperties struct {
	ScheduleExpression         literal `yaml:"ScheduleExpression"`
	ScheduleExpressionTimezone literal `yaml:"ScheduleExpressionTimezone"`
	State                      literal `yaml:"State"`

	Name               any `yaml:"Name"`
	Description        any `yaml:"Description"`
	GroupName          any `yaml:"GroupName"`
	FlexibleTimeWindow any `yaml:"FlexibleTimeWindow"`
	KmsKeyArn          any `yaml:"KmsKeyArn"`
}

type scheduleResource struct {
	Settings scheduleProperties `yaml:",inline"`
	Target   targetProperties   `yaml:"Target"`
}

type scheduleEvent struct {
	Settings         scheduleProperties `yaml:",inline"`
	Input            literal            `yaml:"Input"`
	RetryPolicy      retries            `yaml:"RetryPolicy"`
	DeadLetterConfig deadLetter         `yaml:"DeadLetterConfig"`
	RoleArn          any                `yaml:"RoleArn"`
	OmitName         any                `yaml:"OmitName"`
}

// Schedules gives the schedules that are switched on: resources first, then events of functions, both sorted by id.
func (t *Template) Schedules() ([]Schedule, error) {
	if err := t.without("AWS::Scheduler::Schedule or an event of type ScheduleV2", "Schedule"); err != nil {
		return nil, err
	}
	var all []Schedule
	add := func(id string, p scheduleProperties, target Target, input literal) error {
		schedule, err := readSchedule(p)
		if err != nil {
			return err
		}
		schedule.ID, schedule.Target, schedule.Input = id, target, string(input)
		if p.State != "DISABLED" {
			all = append(all, schedule)
		}
		return nil
	}
	for _, id := range t.named("AWS::Scheduler::Schedule") {
		var p scheduleResource
		if err := t.decode(id, &p, yaml.Strict()); err != nil {
			return nil, err
		}
		target, err := t.target(p.Target)
		if target.Queue != nil {
			err = errors.New("its Arn must be that of a function: a queue between the two is not understood here")
		}
		if err == nil {
			err = add(id, p.Settings, target, p.Target.Input)
		}
		if err != nil {
			return nil, fmt.Errorf("template.yaml: resource %s: %w", id, err)
		}
	}
	err := t.eachEvent("ScheduleV2", func(function, name string, node ast.Node) error {
		var p scheduleEvent
		if err := yaml.NodeToValue(node, &p, yaml.Strict()); err != nil {
			return errors.New(brief(err))
		}
		target, err := t.delivery(p.RetryPolicy, p.DeadLetterConfig.Arn)
		if err != nil {
			return err
		}
		target.Function = function
		return add(function+name, p.Settings, target, p.Input)
	})
	return all, err
}

var (
	rate   = regexp.MustCompile(`^rate\(([1-9]\d{0,5}) (minute|hour|day)s?\)$`)
	hourly = regexp.MustCompile(`^cron\(([0-9]|[1-5][0-9]) \* \* \* \? \*\)$`)
)

// readSchedule reads `rate(…)`, and `cron(m * * * ? *)` for an hourly one: the sweep runs each hour so that it is nightly
// in every zone, and no other calendar is needed.
func readSchedule(p scheduleProperties) (Schedule, error) {
	if zone := p.ScheduleExpressionTimezone; zone != "" && zone != "UTC" {
		return Schedule{}, fmt.Errorf("its ScheduleExpressionTimezone is %s, and must be UTC", zone)
	}
	if parts := hourly.FindStringSubmatch(string(p.ScheduleExpression)); parts != nil {
		minute, err := strconv.Atoi(parts[1])
		return Schedule{Every: time.Hour, Minute: time.Duration(minute) * time.Minute}, err
	}
	parts := rate.FindStringSubmatch(string(p.ScheduleExpression))
	if parts == nil {
		return Schedule{}, fmt.Errorf("its ScheduleExpression is %q: rate(1 hour), or cron(30 * * * ? *) for every hour, is understood here", p.ScheduleExpression)
	}
	n, err := strconv.Atoi(parts[1])
	unit := map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}[parts[2]]
	return Schedule{Every: time.Duration(n) * unit}, err
}
