package template

// Alarms names the alarms, in their order.
func (t *Template) Alarms() []string { return t.named("AWS::CloudWatch::Alarm") }
